using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainContrastiveErrorTests
{
    private static readonly string[] s_rows = ["a,b,c,split,empty", "1,one,x,train,", "2,two,y,train,", "3,three,z,test,", "4,four,x,valid,"];

    [TestMethod]
    [DataRow("a", "d", "no column 'd' (--right)")]
    [DataRow("a", "bb", "Did you mean 'b'")]
    [DataRow("a,", "b,b", "--right 'b,b' must name one or more columns, each of them once")]
    [DataRow("empty", "b", "--left empty: no training row has anything there")]
    public void WrongColumns_AreNamed(string left, string right, string part) => Refuses(Train(left, right), part);

    [TestMethod]
    [DataRow("--left-kind", "sound", "image, text, text-bag, vector")]
    [DataRow("--left-width", "-1", "at least 0")]
    [DataRow("--embedding-size", "0", "at least 1")]
    [DataRow("--epochs", "0", "at least 1")]
    [DataRow("--batch-size", "0", "at least 1")]
    [DataRow("--micro-batch-size", "-1", "at least 0")]
    [DataRow("--learning-rate", "0", "above 0")]
    [DataRow("--loss", "hinge", "sigmoid, softmax")]
    [DataRow("--bias", "none", "finite")]
    [DataRow("--temperature", "0", "above 0")]
    [DataRow("--matching", "all", "own-row, equal-right, equal-left")]
    [DataRow("--unreadable-images", "guess", "fail, skip")]
    [DataRow("--image-size", "1", "at least 4")]
    [DataRow("--vocabulary", "10", "at least 2")]
    [DataRow("--validation-fraction", "1", "in [0, 1)")]
    [DataRow("--image-folder", "/no/such/folder", "no such folder")]
    public void BadValue_NamesItsOption(string option, string value, string part) => Refuses(Train("a", "b", option, value), option, part);

    [TestMethod]
    public void SideThatIsMissing_IsWrongUsage()
    {
        using var place = new Workplace();
        Refuses(Workplace.Run("train", "contrastive", place.Write("d.csv", s_rows), "--left", "a", "--out", place["m.zip"]), "--right");
    }

    [TestMethod]
    public void ImagesThatAreNone_AreNamed() => Refuses(Train("b", "c", "--left-kind", "image"), "--left b: there is no image '", "one'");

    [TestMethod]
    public void ImagesInTwoColumns_AreRefused() => Refuses(Train("b,c", "a", "--left-kind", "image"), "an image side has one column");

    [TestMethod]
    public void ColumnThatIsNumberAndText_IsRefused() => Refuses(Train("a", "a", "--right-kind", "text"), "'a' is read as a number on one side and as text on the other");

    [TestMethod]
    public void TwoValidationParts_AreRefused() =>
        Refuses(Train("a", "b", "--split-column", "split", "--validation-fraction", "0.2"), "has validation rows: leave --validation-fraction out");

    [TestMethod]
    public void TwoTestParts_AreRefused() => Refuses(Train("a", "b", "--split-column", "split", "--test-fraction", "0.2"), "only one of");

    [TestMethod]
    public void BatchOfOne_IsRefused() => Refuses(Train("a", "b", "--batch-size", "1"), "--batch-size must be at least 2");

    [TestMethod]
    public void OneRow_IsRefused()
    {
        using var place = new Workplace();
        Refuses(place.TrainPairs(place.Write("d.csv", s_rows.Take(2)), "a", "b", "--right-kind", "text-bag"), "single row");
    }

    [TestMethod]
    public void ResumeWithOtherOptions_NamesTheToolsOptions()
    {
        using var place = new Workplace();
        string data = place.Write("d.csv", s_rows), folder = place["kept"];
        Workplace.Outcome Train(params string[] more) => place.TrainPairs(data, "a", "b", ["--right-kind", "text-bag", "--epochs", "1", "--checkpoints", folder, .. more]);
        Assert.AreEqual(0, Train().ExitCode);
        Refuses(Train("--resume", "--bias", "-5"), "Cannot resume", "now --bias = ", "another --checkpoints folder.");
        Refuses(Train(), "add --resume");
    }

    private static Workplace.Outcome Train(string left, string right, params string[] more)
    {
        using var place = new Workplace();
        return Workplace.Run(
            ["train", "contrastive", place.Write("d.csv", s_rows), "--left", left, "--right", right, "--out", place["m.zip"], .. more]);
    }
}
