using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainPreferenceTests
{
    private static Workplace s_place = null!;
    private static string s_start = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_start = s_place.TrainStart();
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    public void Table_IsTrained_AndMeasuredBeforeAndAfterBySplitColumn()
    {
        Workplace.Outcome outcome = TrainOn(s_place.Write("tastes.csv", Tastes.Table(60)), "--split-column", "part", "--epochs", "6", "--learning-rate", "0.01");
        JsonElement json = outcome.Json, start = json.GetProperty("start"), trained = json.GetProperty("trained");
        Assert.AreEqual("pairwise-cringe", json.GetProperty("method").GetString());
        Assert.AreEqual(40, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(6, json.GetProperty("epochs").GetInt32());
        Assert.AreEqual(10, start.GetProperty("pairs").GetInt32());
        Assert.AreEqual(10, trained.GetProperty("pairs").GetInt32());
        Assert.AreEqual(1, trained.GetProperty("accuracy").GetDouble());
        Assert.IsGreaterThan(start.GetProperty("margin").GetProperty("mean").GetDouble() + 5, trained.GetProperty("margin").GetProperty("mean").GetDouble());
        JsonElement gain = json.GetProperty("gain");
        Assert.AreEqual(1 - start.GetProperty("accuracy").GetDouble(), gain.GetProperty("value").GetDouble(), 1e-12);
        Assert.AreEqual(10, gain.GetProperty("pairs").GetInt32());
        Assert.AreEqual(10 * gain.GetProperty("value").GetDouble(), gain.GetProperty("improved").GetInt32() - gain.GetProperty("worsened").GetInt32(), 1e-9);
        Assert.IsTrue(gain.GetProperty("low").GetDouble() <= gain.GetProperty("value").GetDouble() && gain.GetProperty("value").GetDouble() <= gain.GetProperty("high").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, start.GetProperty("klPerToken").ValueKind);
        Assert.IsGreaterThan(0, trained.GetProperty("klPerToken").GetDouble());
        Assert.AreEqual(48, json.GetProperty("network").GetProperty("context").GetInt32());
        Assert.IsFalse(Directory.Exists(s_place["model.zip.checkpoints"]), "the checkpoints go with success");
        StringAssert.Contains(outcome.Error, "note: Margins at the start");
        StringAssert.Contains(outcome.Error, "validation Loss", "rows that say 'valid' validate");
        StringAssert.Contains(outcome.Error, "validation rewards/accuracies");
        Assert.DoesNotContain("logps", outcome.Error);
    }

    [TestMethod]
    public void JsonLines_MayHavePromptsInsideTheCompletions()
    {
        string data = s_place.Write("tastes.jsonl", [.. Tastes.WholeTexts(36), ""]);
        JsonElement json = TrainOn(data, "--split-column", "split", "--method", "dpo", "--epochs", "4", "--learning-rate", "0.01").Json;
        Assert.AreEqual(24, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(6, json.GetProperty("trained").GetProperty("pairs").GetInt32());
        Assert.IsGreaterThan(0.8, json.GetProperty("trained").GetProperty("accuracy").GetDouble());
        Assert.IsGreaterThan(0, json.GetProperty("trained").GetProperty("rewardMargin").GetDouble());
    }

    [TestMethod]
    [DataRow("pairwise-cringe", "--auto-gate")]
    [DataRow("binary-cringe", "--candidates=1")]
    [DataRow("dpo", "--label-smoothing=0.1")]
    [DataRow("robust-dpo", "--label-smoothing=0.1")]
    [DataRow("ipo", "--beta=0.5")]
    [DataRow("hinge", "--beta=0.1")]
    [DataRow("cpo", "--alpha=0.5")]
    [DataRow("simpo", "--gamma=0.2")]
    [DataRow("orpo", "--beta=0.5")]
    [DataRow("kto", "--beta=0.2")]
    [DataRow("unlikelihood", "--no-end")]
    [DataRow("sft", "--max-prompt-length=4")]
    public void EveryMethod_RaisesTheMargin(string method, string option)
    {
        string data = s_place.Write($"{method}.csv", Tastes.Table(36));
        JsonElement json = TrainOn(data, "--split-column", "part", "--method", method, option, "--epochs", "4", "--learning-rate", "0.01").Json;
        Assert.AreEqual(method, json.GetProperty("method").GetString());
        double Margin(string model) => json.GetProperty(model).GetProperty("margin").GetProperty("mean").GetDouble();
        Assert.IsGreaterThan(Margin("start") + 0.5, Margin("trained"));
    }

    [TestMethod]
    [DataRow("binary-cringe")]
    [DataRow("kto")]
    [DataRow("unlikelihood")]
    [DataRow("sft")]
    public void SingleCompletions_AreLearnedByTheirLabels(string method)
    {
        string data = s_place.Write("labelled.jsonl", Tastes.Labelled(36));
        JsonElement json = TrainOn(
            data, "--completion", "text", "--label", "good", "--split-column", "part", "--method", method, "--epochs", "6", "--learning-rate", "0.01").Json;
        JsonElement trained = json.GetProperty("trained");
        Assert.AreEqual(48, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(12, trained.GetProperty("completions").GetInt32());
        Assert.AreEqual(0, trained.GetProperty("emptyRows").GetInt32() + trained.GetProperty("promptsCut").GetInt32() + trained.GetProperty("completionsCut").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("gain").ValueKind);
        Assert.IsGreaterThan(0.9, trained.GetProperty("auc").GetDouble());
        double Gap(JsonElement model) => model.GetProperty("desired").GetDouble() - model.GetProperty("undesired").GetDouble();
        Assert.IsGreaterThan(Gap(json.GetProperty("start")), Gap(trained));
    }

    [TestMethod]
    public void Reference_IsAnotherModelThanTheStart()
    {
        string data = s_place.Write("reference.csv", Tastes.Table(24)), other = s_place["other.zip"];
        Workplace.Outcome reference = Workplace.Run(
            "train", "lm", s_place["verses.txt"], "--documents", "lines", "--from", s_start, "--epochs", "2", "--learning-rate", "0.01", "--out", other);
        Assert.AreEqual(0, reference.ExitCode, reference.Error);
        double Margin(params string[] more)
        {
            JsonElement json = TrainOn(data, ["--split-column", "part", "--method", "dpo", "--epochs", "2", "--learning-rate", "0.01", .. more]).Json;
            return json.GetProperty("trained").GetProperty("margin").GetProperty("mean").GetDouble();
        }

        double own = Margin();
        Assert.AreEqual(own, Margin("--reference", s_start), "the start is the reference unless another is named");
        Assert.AreNotEqual(own, Margin("--reference", other));
    }

    [TestMethod]
    public void Model_IsLoadedByStockMlNet_AndScoresRawPairs()
    {
        Assert.AreEqual(0, TrainOn(s_place.Write("stock.csv", Tastes.Table(12))).ExitCode);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(s_place["model.zip"], out DataViewSchema inputs);
        using var owned = model as IDisposable;
        CollectionAssert.AreEqual(new[] { "prompt", "chosen", "rejected" }, inputs.Select(c => c.Name).ToArray());
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable([new Pair { Prompt = "Verse 1-0:", Chosen = " red", Rejected = " stone river" }]));
        float chosen = scored.GetColumn<float>("ChosenLogProbability").Single(), rejected = scored.GetColumn<float>("RejectedLogProbability").Single();
        Assert.IsLessThan(0, chosen);
        Assert.AreEqual(chosen - rejected, scored.GetColumn<float>("Margin").Single(), 1e-4f);
    }

    [TestMethod]
    public void Model_IsALanguageModelForOtherCommands()
    {
        string data = s_place.Write("further.csv", Tastes.Table(12));
        Assert.AreEqual(0, TrainOn(data, "--huggingface", s_place["further"]).ExitCode);
        string Generated(string model) => Workplace.Run("generate", s_place[model], "--prompt", "Verse 1-3:", "--max-tokens", "12", "--json").Json[0].GetProperty("text").GetString()!;
        Assert.AreEqual(Generated("further"), Generated("model.zip"));

        JsonElement part = Workplace.Run("inspect", s_place["model.zip"], "--json").Json.GetProperty("parts").EnumerateArray().Single();
        Assert.AreEqual("MLNetExt.Preference", part.GetProperty("component").GetString());
        Assert.AreEqual("llama", part.GetProperty("languageModel").GetProperty("family").GetString());

        Workplace.Outcome again = Workplace.Run(
            "train", "lm", s_place["verses.txt"], "--documents", "lines", "--from", s_place["model.zip"], "--epochs", "1", "--out", s_place["again.zip"]);
        Assert.AreEqual(0, again.ExitCode, again.Error);
        Workplace.Outcome twice = Workplace.Run("train", "preference", data, "--model", s_place["model.zip"], "--out", s_place["twice.zip"]);
        Assert.AreEqual(0, twice.ExitCode, twice.Error);
    }

    [TestMethod]
    public void TableForPeople_ShowsBothModels()
    {
        string data = s_place.Write("people.csv", Tastes.Table(12)), test = s_place.Write("test.csv", Tastes.Table(6)), valid = s_place.Write("valid.csv", Tastes.Table(5));
        Workplace.Outcome outcome = Workplace.Run("train", "preference", data, "--model", s_start, "--test", test, "--validation", valid, "--out", s_place["p.zip"]);
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        foreach (string part in new[] { "start", "trained", "Preference accuracy", "Gain over start (points)", "Margin, quantile 0.9", "KL a token", "pairwise-cringe", "llama, 1 layers of width 16", "p.zip" })
            StringAssert.Contains(outcome.Out, part);
        StringAssert.Contains(outcome.Error, "validation Loss");

        string labelled = s_place.Write("people.jsonl", Tastes.Labelled(12));
        Workplace.Outcome single = Workplace.Run(
            "train", "preference", labelled, "--completion", "text", "--label", "good", "--test-fraction", "0.25", "--model", s_start, "--method", "sft", "--out", s_place["p.zip"]);
        Assert.AreEqual(0, single.ExitCode, single.Error);
        StringAssert.Contains(single.Out, "desired completions, nats a token, start and trained");
        StringAssert.Contains(single.Out, "test completions (empty)");
        StringAssert.Contains(Workplace.Run("train", "preference", data, "--model", s_start, "--out", s_place["p.zip"]).Error, "No test part was given");
    }

    [TestMethod]
    public void CtrlC_KeepsACheckpoint_AndResumeEqualsAnUninterruptedRun()
    {
        string data = s_place.Write("resume.csv", Tastes.Table(24));
        string[] Arguments(string model) => ["train", "preference", data, "--model", s_start, "--epochs", "4", "--learning-rate", "0.01", "--out", s_place[model]];
        Assert.AreEqual(0, Workplace.Run(Arguments("whole.zip")).ExitCode);

        using var interrupt = new CancellationTokenSource();
        using var error = new WatchedWriter("epoch 2/", interrupt);
        Workplace.Outcome cancelled = Workplace.Run(Arguments("parts.zip"), error, interrupt.Token);
        Assert.AreEqual(130, cancelled.ExitCode, cancelled.Error);
        StringAssert.Contains(cancelled.Error, "mlnetext train preference");
        Assert.IsFalse(File.Exists(s_place["parts.zip"]));

        Workplace.Outcome resumed = Workplace.Run([.. Arguments("parts.zip"), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        float[] Margins(string model)
        {
            var ml = new MLContext();
            IDataView rows = ml.Data.LoadFromEnumerable(Tastes.Pairs(5, seed: 3).Select(p => new Pair { Prompt = p.Prompt, Chosen = p.Chosen, Rejected = p.Rejected }));
            return [.. ml.Model.Load(s_place[model], out _).Transform(rows).GetColumn<float>("Margin")];
        }

        CollectionAssert.AreEqual(Margins("whole.zip"), Margins("parts.zip"));
    }

    private static Workplace.Outcome TrainOn(string data, params string[] more) =>
        Workplace.Run(["train", "preference", data, "--model", s_start, "--out", s_place["model.zip"], "--json", .. more]);

    private sealed class Pair
    {
        [ColumnName("prompt")]
        public string Prompt { get; set; } = "";

        [ColumnName("chosen")]
        public string Chosen { get; set; } = "";

        [ColumnName("rejected")]
        public string Rejected { get; set; } = "";
    }
}
