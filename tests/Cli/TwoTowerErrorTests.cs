namespace MLNetExt.Tests.Cli;

/// <summary>What embed, search and zero-shot refuse, on a model of numbers and words.</summary>
[TestClass]
public class TwoTowerErrorTests
{
    private static Workplace s_place = null!;
    private static string s_data = null!;

    private static string Model => s_place["model.zip"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_place = new Workplace();
        s_data = s_place.Write("d.csv", "x,y,words", "1,5,one", "2,4,two", "3,3,three", "4,2,four");
        Workplace.Outcome outcome = s_place.TrainPairs(s_data, "x,y", "words", "--right-kind", "text-bag", "--epochs", "1");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.AreEqual(0, Workplace.Run("embed", Model, s_data, "--out", s_place["e.csv"]).ExitCode);
        s_place.Write("flowers.csv", Tables.FlowerLines(30));
        Assert.AreEqual(0, Workplace.Run("train", "squentropy", s_place["flowers.csv"], "--label", "label", "--out", s_place["classifier.zip"], "--epochs", "1").ExitCode);
    }

    [ClassCleanup]
    public static void CleanUp() => s_place.Dispose();

    private static void Refuses(IEnumerable<string> arguments, params string[] parts) => Refusal.Refuses(Workplace.Run(arguments), parts);

    private static string[] Embed(params string[] more) => ["embed", Model, .. more];

    private static string[] Search(params string[] more) => ["search", Model, .. more];

    private static string[] ZeroShot(params string[] more) => ["zero-shot", Model, s_data, .. more];

    [TestMethod]
    [DataRow("embed", "--out", "e.csv")]
    [DataRow("search", "--query", "one")]
    [DataRow("zero-shot", "--labels", "a,b")]
    public void OtherModels_AreRefused(string command, string option, string value)
    {
        Refuses([command, s_place["classifier.zip"], s_data, option, value], "is no model with two towers", "mlnetext train contrastive");
        Refuses([command, s_place["none.zip"], s_data, option, value], "There is no model file");
        Refuses([command, s_data, s_data, option, value], "cannot be loaded as an ML.NET model");
    }

    [TestMethod]
    public void Predict_NeedsAClassifier() => Refuses(["predict", Model, s_data], "no multiclass classifier");

    [TestMethod]
    public void Embed_NamesWhatIsMissing()
    {
        string words = s_place.Write("w.csv", "word", "one");
        Refuses(Embed(words, "--side", "right", "--out", s_place["o.csv"]), "no column 'words' (which the model reads)", "Did you mean 'word'?");
        Refuses(Embed(s_data, "--out", s_place["o.csv"], "--copy", "z"), "no column 'z' (--copy)");
        Refuses(Embed(s_place["none.csv"], "--out", s_place["o.csv"]), "There is no file");
        Refuses(Embed(s_data, "--out", s_place["o.txt"]), "--out must be a file that ends in .csv or .idv");
        Refuses(Embed(s_data, "--out", s_place["o.csv"], "--side", "middle"), "--side must be one of left, right");
        Refuses(Embed(s_data, "--out", s_place["o.csv"], "--image-folder", s_place["nowhere"]), "--image-folder", "no such folder");
        Assert.IsFalse(File.Exists(s_place["o.csv"]));
    }

    [TestMethod]
    public void Search_TakesOneKindOfQuery()
    {
        Refuses(Search(s_data), "Use one of --query, --query-image and --queries");
        Refuses(Search(s_data, "--query", "one", "--queries", s_data), "Use one of --query, --query-image and --queries");
        Refuses(Search(s_data, "--query-image", s_place["none.png"]), "--query-image", "there is no such file");
        Refuses(Search(s_data, "--query-image", s_data), "--query-image: no side of the model reads images");
        Refuses(Search(s_data, "--query", "one", "--query-side", "left"), "--query: the left side of the model does not read text");
        Refuses(Search(s_data, "--query", "one", "--top", "0"), "--top must be a whole number of at least 1");
    }

    [TestMethod]
    public void Search_KnowsEmbeddingsOfAnotherSideOrModel()
    {
        Refuses(Search(s_place["e.csv"], "--query", "one", "--side", "right"), "has embeddings of the left side");
        string narrow = s_place.Write("narrow.csv", "row,LeftEmbedding.0,LeftEmbedding.1", "0,1,0");
        Refuses(Search(narrow, "--query", "one"), "embeddings of 2 numbers, but the model gives 16");
        Refuses(Search(s_place["none.idv"], "--query", "one"), "There is no file");
        Refuses(Search(s_place.Write("text.idv", "x"), "--query", "one"), "text.idv");
        string empty = s_place.Write("empty.csv", "x,y");
        Refuses(Search(empty, "--query", "one"), "no rows to search among");
    }

    [TestMethod]
    public void ZeroShot_NamesWhatIsWrongWithLabelsAndTemplates()
    {
        Refuses(ZeroShot(), "Use one of --labels and --labels-file");
        Refuses(ZeroShot("--labels", "a"), "1 labels", "at least 2");
        Refuses(ZeroShot("--labels", "a,b,a"), "'a' is given twice");
        Refuses(ZeroShot("--labels", "a,b", "--template", "a picture"), "'a picture' does not contain {0}");
        Refuses(ZeroShot("--labels-file", s_place["none.txt"]), "--labels-file", "there is no such file");
        Refuses(ZeroShot("--labels", "a,b", "--json"), "--label");
        Refuses(ZeroShot("--labels", "a,b", "--label", "kind"), "no column 'kind' (--label)");
        Refuses(ZeroShot("--labels", "a,b", "--split-column", "part"), "no column 'part' (--split-column)");
    }

    [TestMethod]
    public void ZeroShot_NeedsTextOnTheRight()
    {
        Workplace.Outcome outcome = Workplace.Run(
            "train", "contrastive", s_data, "--left", "words", "--left-kind", "text-bag", "--right", "x,y", "--out", s_place["swapped.zip"], "--epochs", "1");
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Refuses(["zero-shot", s_place["swapped.zip"], s_data, "--labels", "a,b"], "right side of the model does not read text");
    }
}
