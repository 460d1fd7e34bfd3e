using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExt.Preference;
using MLNetExt.Tests.Components;

namespace MLNetExt.Tests.Preference;

/// <summary>Models of preferences whose file was damaged or made up are refused.</summary>
[TestClass]
public sealed class DamagedPreferenceTests
{
    private static readonly Lazy<ModelZip> s_saved = new(() =>
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(PreferenceRow.Many(12));
        using PreferenceTransformer model = ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(data);
        using var stream = new MemoryStream();
        ml.Model.Save(model, data.Schema, stream);
        return ModelZip.Read(stream.ToArray());
    });

    [TestMethod]
    [DataRow("columns", "label", "\"Label\"")]
    [DataRow("columns", "completions", "[\"Chosen\"]")]
    [DataRow("columns", "completions", "null")]
    [DataRow("encoding", "endId", "-1")]
    [DataRow("encoding", "endId", "100000")]
    [DataRow("encoding", "maxLength", "100000")]
    [DataRow("model", "network", "null")]
    public void Members_out_of_range(string part, string member, string json)
    {
        ModelZip zip = s_saved.Value.EditHeader(h =>
        {
            Assert.IsTrue(h["state"]![part]!.AsObject().ContainsKey(member), member);
            h["state"]![part]![member] = JsonNode.Parse(json);
        });
        using var stream = new MemoryStream(zip.ToBytes());
        Exception error = Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _)).GetBaseException();
        Assert.IsInstanceOfType<InvalidDataException>(error, error.ToString());
    }
}
