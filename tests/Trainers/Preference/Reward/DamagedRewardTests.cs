using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExt.Preference;
using MLNetExt.Tests.Components;
using TorchSharp;

namespace MLNetExt.Tests.Preference;

/// <summary>Reward models whose file was damaged or made up are refused, and leave no tensor behind. The tower's own members are those of every tower.</summary>
[TestClass]
public sealed class DamagedRewardTests
{
    private static readonly Lazy<ModelZip> s_saved = new(() =>
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Rewards.Data(ml);
        using RewardModelTransformer model = Rewards.Fit(ml, data);
        using var stream = new MemoryStream();
        ml.Model.Save(model, data.Schema, stream);
        return ModelZip.Read(stream.ToArray());
    });

    [TestMethod]
    [DataRow("chosenColumn", "null")]
    [DataRow("chosenColumn", "\"Rejected\"")]
    [DataRow("rejectedColumn", "7")]
    [DataRow("rejectedColumn", "\"Features\"")]
    [DataRow("tower", "null")]
    [DataRow("tail", "{}")]
    public void Members_out_of_range(string member, string json) => Refused(s_saved.Value.EditHeader(h => h["state"]![member] = JsonNode.Parse(json)));

    [TestMethod]
    [DataRow("embeddingSize", "2")]
    [DataRow("embeddingSize", "0")]
    [DataRow("inputWidth", "7")]
    [DataRow("kind", "\"Mlp\"")]
    [DataRow("kind", "\"Identity\"")]
    [DataRow("column", "\"Chosen\"")]
    [DataRow("column", "\"\"")]
    public void A_tower_that_does_not_fit(string member, string json) => Refused(s_saved.Value.EditHeader(h => h["state"]!["tower"]![member] = JsonNode.Parse(json)));

    private static void Refused(ModelZip zip)
    {
        var ml = new MLContext(seed: 1);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var stream = new MemoryStream(zip.ToBytes());
        Exception error = Assert.Throws<Exception>(() => ml.Model.Load(stream, out _)).GetBaseException();
        Assert.IsInstanceOfType<InvalidDataException>(error, error.ToString());
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount, error.Message);
    }
}
