using Microsoft.ML;
using MLNetExt.Tests.ChildProcess;

namespace MLNetExt.Tests.Components;

/// <summary>A saved model, loaded by plain <c>mlContext.Model.Load</c>.</summary>
[TestClass]
public sealed class SavedModelTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static IEnumerable<object[]> AllModels => Models.All.Select(model => new object[] { model });

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(AllModels))]
    public void Scores_the_same_in_this_process(string model)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Flower.Data(ml);
        using var fitted = (IDisposable)Models.Fit(model, ml, data);
        string path = Save(ml, (ITransformer)fitted, data.Schema);

        ITransformer loaded = ml.Model.Load(path, out DataViewSchema schema);

        CollectionAssert.AreEqual(Print((ITransformer)fitted, model, data), Print(loaded, model, data));
        Assert.AreEqual(data.Schema.Count, schema.Count);
        ((IDisposable)loaded).Dispose();
    }

    [TestMethod]
    [DynamicData(nameof(AllModels))]
    public async Task Scores_the_same_in_a_fresh_process_without_registration(string model)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Flower.Data(ml);
        using var fitted = (IDisposable)Models.Fit(model, ml, data);
        string path = Save(ml, (ITransformer)fitted, data.Schema);
        string rows = Path.Combine(_folder, "rows.idv");
        using (FileStream stream = File.Create(rows))
            ml.Data.SaveAsBinary(data, stream);

        // One thread, as in this process: sums must be taken in the same order to agree to the bit.
        Child.Outcome outcome = await Child.RunAsync(
            "load-model", [path, rows, Models.Output(model)], new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" });

        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        string[] printed = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        CollectionAssert.AreEqual(Print((ITransformer)fitted, model, data), printed);
    }

    [TestMethod]
    [DynamicData(nameof(AllModels))]
    public void Saves_the_same_bytes_again(string model)
    {
        var ml = new MLContext(seed: 1);
        byte[] first = Models.Save(model);
        ITransformer loaded = ml.Model.Load(new MemoryStream(first), out DataViewSchema schema);

        using var stream = new MemoryStream();
        ml.Model.Save(loaded, schema, stream);

        List<(string Name, byte[] Content)> before = ModelZip.Read(first).Entries, after = ModelZip.Read(stream.ToArray()).Entries;
        CollectionAssert.AreEqual(before.Select(e => e.Name).ToArray(), after.Select(e => e.Name).ToArray());
        for (int i = 0; i < before.Count; i++)
            CollectionAssert.AreEqual(before[i].Content, after[i].Content, before[i].Name);
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Two_loads_are_independent()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Flower.Data(ml);
        byte[] zip = Models.Save(Models.NearestCentroid);
        ITransformer first = ml.Model.Load(new MemoryStream(zip), out _), second = ml.Model.Load(new MemoryStream(zip), out _);
        string[] before = Print(second, Models.NearestCentroid, data);

        ((IDisposable)first).Dispose();

        CollectionAssert.AreEqual(before, Print(second, Models.NearestCentroid, data));
        ((IDisposable)second).Dispose();
    }

    private static string[] Print(ITransformer transformer, string model, IDataView data) =>
        [.. LoadModel.Print(transformer.Transform(data), Models.Output(model))];

    private string Save(MLContext ml, ITransformer transformer, DataViewSchema schema)
    {
        string path = Path.Combine(_folder, "model.zip");
        ml.Model.Save(transformer, schema, path);
        return path;
    }
}
