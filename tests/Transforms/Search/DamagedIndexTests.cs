using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExt.Search;
using MLNetExt.Tests.Components;
using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Search;

/// <summary>A search whose file was damaged or made up is refused before its sizes are believed.</summary>
[TestClass]
public sealed class DamagedIndexTests
{
    private const string Ids = "ids.bin";
    private const int Rows = 5;

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow("neighbors", 0)]
    [DataRow("neighbors", -1)]
    [DataRow("neighbors", Rows + 1)]
    [DataRow("neighbors", int.MaxValue)]
    [DataRow("scoringBlockSize", 0)]
    [DataRow("scoringBlockSize", int.MaxValue)]
    [DataRow("inputColumnName", "")]
    [DataRow("outputIdsColumnName", "")]
    [DataRow("outputScoresColumnName", "NeighborIds")]
    [DataRow("similarity", "Euclidean")]
    public void State_out_of_range(string member, object value) =>
        Refused(Saved().EditHeader(h => h["state"]![member] = JsonValue.Create(value)), "damaged");

    [TestMethod]
    public void Ids_that_are_missing_cut_or_too_many()
    {
        ModelZip saved = Saved();
        int at = saved.IndexOf(Ids);
        byte[] ids = saved.Entries[at].Content;
        ModelZip without = saved.Clone();
        without.Entries.RemoveAt(at);
        Refused(without, $"no '{Ids}'");
        Refused(saved.Replace(at, []), $"id 0 of {Rows} cannot be read");
        Refused(saved.Replace(at, ids[..^1]), $"id 4 of {Rows} cannot be read");
        Refused(saved.Replace(at, [.. ids, 0]), $"more ids than its {Rows} embeddings");
        // A text of 2 GiB; a length that does not end; a negative one.
        Refused(saved.Replace(at, [0xff, 0xff, 0xff, 0xff, 0x07, 65]), $"id 0 of {Rows} cannot be read");
        Refused(saved.Replace(at, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), $"id 0 of {Rows} cannot be read");
        Refused(saved.Replace(at, [0xff, 0xff, 0xff, 0xff, 0x0f]), $"id 0 of {Rows} cannot be read");
    }

    [TestMethod]
    public void Embeddings_that_are_no_finite_matrix()
    {
        ModelZip saved = Saved();
        int at = saved.IndexOf(ModelZip.Weights);
        Refused(saved.Replace(at, saved.Entries[at].Content[..^1]), null);
        Refused(saved.Replace(at, Weights("embeddings", zeros(Rows, 6, ScalarType.Float64))), "matrix of F32");
        Refused(saved.Replace(at, Weights("embeddings", zeros(Rows))), "matrix of F32");
        Refused(saved.Replace(at, Weights("embeddings", zeros(0, 6))), "at least one row");
        Refused(saved.Replace(at, Weights("embeddings", zeros(Rows, 0))), "matrix of F32");
        Refused(saved.Replace(at, Weights("embeddings", full([Rows, 6], float.NaN))), "NaN or infinity");
        Refused(saved.Replace(at, Weights("other", zeros(Rows, 6))), "no tensor 'embeddings'");
        Refused(saved.Replace(at, Weights("embeddings", zeros(Rows + 1, 6))), $"id {Rows} of {Rows + 1} cannot be read");
    }

    [TestMethod]
    public void Every_id_comes_back()
    {
        string[] names = ["", "a", "é 漢字 🙂", new string('x', 70_000), "a\nb"];
        names[0] = " ";
        Document[] documents = Document.Some(Rows, seed: 1);
        for (int i = 0; i < Rows; i++)
            documents[i].Name = names[i];
        using var loaded = (NearestNeighborsTransformer)Load(Saved(documents));
        CollectionAssert.AreEqual(names, loaded.Ids.ToArray());
        Assert.AreEqual(6, loaded.Dimension);
        Assert.AreEqual(SimilarityKind.DotProduct, loaded.Similarity);
        Assert.AreEqual(2, loaded.Neighbors);
        Assert.AreEqual("Wanted", loaded.InputColumnName);
    }

    private void Refused(ModelZip zip, string? part)
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = (InvalidDataException)Assert.Throws<Exception>(() => Load(zip)).GetBaseException();
        if (part is not null)
            Assert.Contains(part, error.Message);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount, "tensors left");
    }

    private ITransformer Load(ModelZip zip)
    {
        using var stream = new MemoryStream(zip.ToBytes());
        return _ml.Model.Load(stream, out _);
    }

    private ModelZip Saved(Document[]? documents = null)
    {
        IDataView index = _ml.Data.LoadFromEnumerable(documents ?? Document.Some(Rows, seed: 1)), queries = _ml.Data.LoadFromEnumerable<Query>([]);
        using NearestNeighborsTransformer search =
            _ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "Wanted", index, "Name", "Embedding", 2, SimilarityKind.DotProduct).Fit(queries);
        using var stream = new MemoryStream();
        _ml.Model.Save(search, queries.Schema, stream);
        return ModelZip.Read(stream.ToArray());
    }

    private static byte[] Weights(string name, Tensor tensor)
    {
        using (tensor)
        {
            using var stream = new MemoryStream();
            SafetensorsWriter.Write(stream, [KeyValuePair.Create(name, tensor)]);
            return stream.ToArray();
        }
    }
}
