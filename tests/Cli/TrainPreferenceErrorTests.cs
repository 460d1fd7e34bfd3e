using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainPreferenceErrorTests
{
    private static Workplace s_place = null!;
    private static string s_start = null!;
    private static string s_data = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_start = s_place.TrainStart();
        s_data = s_place.Write("tastes.csv", Tastes.Table(12));
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    [TestMethod]
    [DataRow("--method", "ppo", "pairwise-cringe, binary-cringe, dpo")]
    [DataRow("--temperature", "-1", "--temperature must be a number of at least 0")]
    [DataRow("--candidates", "0", "--candidates must be a whole number of at least 1")]
    [DataRow("--beta", "0.2", "--beta is for dpo, robust-dpo, ipo, hinge, cpo, simpo, orpo, kto")]
    [DataRow("--label-smoothing", "0.5", "in [0, 0.5)")]
    [DataRow("--reference", "none.zip", "--reference is for dpo")]
    [DataRow("--max-length", "4096", "--max-length must be at most the model's context, 48")]
    [DataRow("--chosen", "choosen", "Did you mean 'chosen'?")]
    [DataRow("--prompt", "prompts", "Did you mean 'prompt'?")]
    [DataRow("--rejected", "chosen", "The column 'chosen' is named for two things")]
    [DataRow("--split-column", "parts", "Did you mean 'part'?")]
    [DataRow("--validation", "none.csv", "There is no file 'none.csv'")]
    [DataRow("--completion", "chosen", "--completion: pairwise-cringe compares pairs")]
    [DataRow("--label", "part", "--label needs --completion")]
    [DataRow("--huggingface", "/", "which would be lost")]
    public void BadValue_NamesItsOption(string option, string value, string part) => Refuses(TrainOn(s_data, option, value), part);

    [TestMethod]
    public void OptionsThatDoNotGoTogether_AreRefused()
    {
        Refuses(TrainOn(s_data, "--auto-gate", "--offset", "3"), "Use --auto-gate, or --offset and --temperature.");
        Refuses(TrainOn(s_data, "--completion", "chosen", "--rejected", "rejected"), "Use --chosen and --rejected for pairs");
        Refuses(TrainOn(s_data, "--split-column", "part", "--validation", s_data), "leave --validation out");
        Refuses(TrainOn(s_data, "--validation", s_data, "--validation-fraction", "0.1"), "leave --validation-fraction out");
        Refuses(TrainOn(s_data, "--method", "dpo", "--reference", "none.zip"), "There is no model file 'none.zip'");
    }

    [TestMethod]
    public void Labels_MustBeTrueOrFalse()
    {
        string data = s_place.Write("labels.csv", "prompt,text,good", "a,b,1", "a,c,yes");
        Refuses(TrainOn(data, "--completion", "text", "--label", "good", "--method", "sft"), "line 3: --label good is 'yes', and must be true or false, 1 or 0");
        Refuses(TrainOn(data, "--completion", "text", "--method", "sft"), "no column 'label' (--label)");
    }

    [TestMethod]
    [DataRow("{\"chosen\": \"a\", \"rejected\"", "line 2: this is no JSON")]
    [DataRow("[1, 2]", "line 2: this is no JSON object")]
    [DataRow("{\"chosen\": \"a\"}", "line 2: there is no 'rejected'")]
    [DataRow("{\"chosen\": \"a\", \"rejected\": null}", "line 2: there is no 'rejected'")]
    [DataRow("{\"chosen\": \"a\", \"rejected\": [{\"role\": \"user\"}]}", "line 2: 'rejected' is a JSON array; only text")]
    [DataRow("{\"chosen\": \"a\", \"rejected\": \"\\ud800\"}", "line 2: a text has half of a character")]
    public void BadJsonLine_IsNamed(string line, string part) => Refuses(TrainOn(s_place.Write("bad.jsonl", "{\"chosen\": \"a\", \"rejected\": \"b\"}", line)), part);

    [TestMethod]
    public void NoRows_AreNamed()
    {
        Refuses(TrainOn(s_place["none.jsonl"]), "There is no file");
        Refuses(TrainOn(s_place.Write("empty.jsonl", "")), "is empty: it needs a JSON object a line");
        Refuses(TrainOn(s_place.Write("header.csv", "prompt,chosen,rejected")), "has no rows");
        Refuses(TrainOn(s_place.Write("keys.jsonl", "{\"chosen\": \"a\", \"reject\": \"b\"}")), "no column 'rejected' (--rejected)", "Did you mean 'reject'?");
        Refuses(TrainOn(s_place.Write("equal.csv", "prompt,chosen,rejected", "a,b,b", "a,,c")), "has no rows from which anything can be learned", "1 rows of the training data have an empty completion");
    }

    [TestMethod]
    public void OtherModels_AreRefused()
    {
        s_place.Write("flowers.csv", Tables.FlowerLines(6));
        Assert.AreEqual(0, Workplace.Run("train", "squentropy", s_place["flowers.csv"], "--label", "label", "--out", s_place["c.zip"], "--epochs", "1").ExitCode);
        Refuses(Workplace.Run("train", "preference", s_data, "--model", s_place["c.zip"], "--out", s_place["m.zip"]), "is no language model");
        Assert.AreEqual(0, s_place.TrainVerses(s_place.Write("others.txt", Verses.Lines(10, seed: 4)), "--documents", "lines").ExitCode);
        Refuses(TrainOn(s_data, "--method", "dpo", "--reference", s_place["model.zip"]), "has another tokenizer than");
    }

    [TestMethod]
    public void ResumeWithOtherOptions_IsRefused()
    {
        string[] keep = ["--checkpoints", s_place["kept"]];
        Assert.AreEqual(0, TrainOn(s_data, keep).ExitCode);
        Refuses(TrainOn(s_data, [.. keep, "--resume", "--alpha", "0.5"]), "Cannot resume", "--alpha");
        Refuses(TrainOn(s_data, keep), "add --resume");
    }

    private static Workplace.Outcome TrainOn(string data, params string[] more) =>
        Workplace.Run(["train", "preference", data, "--model", s_start, "--out", s_place["m.zip"], .. more]);
}
