using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExt.Preference;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Contract;
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

    [TestMethod]
    public void A_tower_without_the_members_of_encoders_can_be_loaded()
    {
        ModelZip zip = s_saved.Value.EditHeader(h =>
        {
            JsonObject tower = h["state"]!["tower"]!.AsObject();
            tower.Remove("encoder");
            tower.Remove("pooling");
        });
        ((IDisposable)DamagedModel.Load(zip)).Dispose();
    }

    /// <summary>A checkpoint of old must have the settings of the run that goes on.</summary>
    [TestMethod]
    public void Checkpoints_say_nothing_of_an_encoder_where_there_is_none()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        Rewards.Fit(ml, Rewards.Data(ml), o => o.Training.CheckpointFolder = folder.Path).Dispose();
        string state = File.ReadAllText(Directory.EnumerateFiles(folder.Path, "state.json", SearchOption.AllDirectories).First());
        Assert.Contains("Tower.Shape", state);
        Assert.DoesNotContain("Encoder", state);
        Assert.DoesNotContain("Pooling", state);
    }

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
