using System.Text;
using System.Text.Json.Nodes;
using Contoso.Components;
using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Networks;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Components;

/// <summary>What is wrong with a model, and how to mend it, is said in one <see cref="InvalidDataException"/>.</summary>
[TestClass]
public sealed class DamagedModelTests
{
    [TestMethod]
    [DataRow(Models.NearestCentroid)]
    [DataRow(Models.Squentropy)]
    public void Missing_assembly_is_named_as_the_package_to_reference(string model) => Refused(
        Open(model).EditHeader(h => h["assembly"] = "Fabrikam.Components"),
        "which this application does not have: reference the package Fabrikam.Components");

    [TestMethod]
    public void Unknown_component_asks_for_another_version() => Refused(
        Open(Models.NearestCentroid).EditHeader(h => h["component"] = "Contoso.FarthestCentroid"),
        "a component 'Contoso.FarthestCentroid' that this version of Contoso.Components does not have");

    [TestMethod]
    [DataRow("Contoso.Components.StandardizingEstimator", "Contoso.Components")]
    [DataRow("System.Diagnostics.Process", "System.Diagnostics.Process")]
    public void Type_without_the_attribute_is_no_component(string type, string assembly) => Refused(
        Open(Models.NearestCentroid).EditHeader(h => (h["component"], h["assembly"]) = (type, assembly)),
        $"a component '{type}' that this version of {assembly} does not have");

    [TestMethod]
    public void Component_of_another_kind_is_refused() => Refused(
        Open(Models.NearestCentroid).EditHeader(h => h["component"] = "Contoso.WideNetwork"),
        "where a ComponentTransformer belongs");

    [TestMethod]
    [DataRow("component", "../../evil")]
    [DataRow("component", "")]
    [DataRow("assembly", "Contoso.Components, Version=9.9.9.9")]
    [DataRow("assembly", "/opt/Contoso.Components.dll")]
    public void Names_are_no_paths_and_no_versions(string member, string value) => Refused(
        Open(Models.NearestCentroid).EditHeader(h => h[member] = value), "it names no valid component");

    [TestMethod]
    public void Newer_state_asks_for_a_newer_version() => Refused(
        Open(Models.Squentropy).EditHeader(h => h["stateVersion"] = 2),
        "'MLNetExt.Squentropy' has state version 2; this version of MLNetExt.Trainers reads 1 to 1");

    [TestMethod]
    public void Newer_format_is_named_even_when_it_has_other_members() => Refused(
        Open(Models.Squentropy).EditHeader(h => (h["formatVersion"], h["checksum"]) = (2, "abc")),
        "component format 2; this version of MLNetExt reads format 1");

    [TestMethod]
    [DataRow("")]
    [DataRow("7")]
    [DataRow("{ \"formatVersion\": 1, ")]
    [DataRow("{ \"formatVersion\": 1.5 }")]
    [DataRow("{ \"formatVersion\": 1, \"component\": \"\\ud800\", \"assembly\": \"A\", \"stateVersion\": 1, \"state\": {} }")]
    [DataRow("{ \"formatVersion\": 1, \"\\ud800\": 1 }")]
    public void Header_that_is_no_json_is_damaged(string json)
    {
        ModelZip zip = Open(Models.NearestCentroid);
        Refused(zip.Replace(zip.IndexOf(ModelZip.Header), Encoding.UTF8.GetBytes(json)), "component header is damaged");
    }

    [TestMethod]
    public void Header_names_nothing_twice()
    {
        ModelZip zip = Open(Models.NearestCentroid);
        int header = zip.IndexOf(ModelZip.Header);
        string json = Encoding.UTF8.GetString(zip.Entries[header].Content);
        Refused(zip.Replace(header, Encoding.UTF8.GetBytes("{\"formatVersion\":1," + json[1..])), "component header is damaged");
    }

    [TestMethod]
    [DataRow(ModelZip.Header)]
    [DataRow(ModelZip.Weights)]
    public void Missing_part_is_named(string part)
    {
        ModelZip zip = Open(Models.Squentropy);
        zip.Entries.RemoveAt(zip.IndexOf(part));
        Refused(zip, $"has no '{part}'");
    }

    [TestMethod]
    public void Weights_of_another_shape_are_named() => Refused(
        WithWeights(Models.SquentropyWithNetwork, "body.wide.weight", ones(3, 5)), "Tensor 'body.wide.weight': expected F32 [3, 4], found F32 [3, 5]");

    [TestMethod]
    public void Missing_weights_are_named() => Refused(
        WithWeights(Models.SquentropyWithNetwork, "body.wide.weight", null), "There is no tensor 'body.wide.weight'");

    [TestMethod]
    public void Surplus_weights_are_named() => Refused(
        WithWeights(Models.Squentropy, "body.tail", ones(2)), "'body.tail', which its network does not have");

    [TestMethod]
    [DataRow("featureCount", "2147483647")]
    [DataRow("classCount", "2147483647")]
    [DataRow("hiddenSizes", "[2147483647, 2147483647, 2147483647]")]
    [DataRow("hiddenSizes", "[]")]
    [DataRow("activation", "7")]
    [DataRow("dropout", "\"NaN\"")]
    [DataRow("scoringBlockSize", "0")]
    [DataRow("featureColumn", "null")]
    [DataRow("isSparse", "1")]
    public void Shape_that_cannot_be_is_refused(string member, string json) => Refused(
        Open(Models.Squentropy).EditHeader(h => h["state"]!["shape"]![member] = JsonNode.Parse(json)), string.Empty);

    [TestMethod]
    [DataRow("featureCount", "2147483647")]
    [DataRow("classCount", "2147483647")]
    public void Shape_of_a_network_of_the_users_own_is_checked_too(string member, string json) => Refused(
        Open(Models.SquentropyWithNetwork).EditHeader(h => h["state"]!["shape"]![member] = JsonNode.Parse(json)), string.Empty);

    [TestMethod]
    public void Settings_that_a_network_refuses_are_named() => Refused(
        Open(Models.SquentropyWithNetwork).EditHeader(h => h["state"]!["shape"]!["network"]!["state"]!["hiddenUnits"] = int.MaxValue),
        "'Contoso.WideNetwork' is damaged or does not fit Contoso.Components.WideNetwork: HiddenUnits must be in [1, 4096]");

    [TestMethod]
    [DataRow("itemType", "\"Object\"", "unknown type 'Object'")]
    [DataRow("itemType", "\"Single\"", "a key value that is no Single")]
    [DataRow("texts", "[\"a\", null, \"c\"]", "a null among them")]
    [DataRow("texts", "[\"a\", \"b\"]", "2 labels for 3 centroids")]
    public void Labels_are_checked_when_they_are_loaded(string member, string json, string expected) => Refused(
        Open(Models.NearestCentroid).EditHeader(h => h["state"]!["labels"]![member] = JsonNode.Parse(json)), expected);

    [TestMethod]
    public void Class_without_the_attribute_cannot_be_saved()
    {
        var ml = new MLContext(seed: 1);
        var options = new SquentropyOptions { Network = new UnmarkedNetwork() };

        var e = Assert.ThrowsExactly<InvalidOperationException>(
            () => ml.MulticlassClassification.Trainers.Squentropy(options).Fit(Flower.Data(ml)));

        StringAssert.Contains(e.Message, "mark the class with [LoadableComponent(");
    }

    private static ModelZip Open(string model) => ModelZip.Read(Models.Save(model));

    private static ModelZip WithWeights(string model, string name, Tensor? tensor)
    {
        ModelZip zip = Open(model);
        int index = zip.IndexOf(ModelZip.Weights);
        using var reader = SafetensorsReader.FromStream(new MemoryStream(zip.Entries[index].Content));
        using var scope = NewDisposeScope();
        var tensors = reader.Entries.ToDictionary(e => e.Name, e => reader.Read(e.Name));
        tensors.Remove(name);
        if (tensor is not null)
            tensors.Add(name, tensor);
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return zip.Replace(index, stream.ToArray());
    }

    /// <summary>ML.NET creates what it loads by reflection, and so wraps what goes wrong there.</summary>
    private static void Refused(ModelZip zip, string expected)
    {
        Exception e = Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(zip.ToBytes()), out _)).GetBaseException();
        Assert.IsInstanceOfType<InvalidDataException>(e);
        StringAssert.Contains(e.Message, expected);
    }

    private sealed class UnmarkedNetwork : INetworkFactory
    {
        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => new WideNetwork().Create(inputSize, outputSize);
    }
}
