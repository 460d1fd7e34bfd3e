using static MLNetExt.Tests.Cli.Refusal;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class TrainErrorTests
{
    [TestMethod]
    public void MissingFile() => With(place => Refuses(place.Train(place["no.csv"]), "There is no file"));

    [TestMethod]
    public void EmptyFile() => With(place => Refuses(place.Train(place.Write("e.csv")), "is empty"));

    [TestMethod]
    public void HeaderAlone() => With(place => Refuses(place.Train(place.Write("h.csv", "a,label")), "no training rows"));

    [TestMethod]
    public void WrongLabel_OffersTheNearestName() => With(place => Refuses(
        Workplace.Run("train", "squentropy", place.Write("f.csv", Tables.FlowerLines(6)), "--label", "lable", "--out", place["m.zip"]),
        "no column 'lable'", "Did you mean 'label'?"));

    [TestMethod]
    public void NoHeader_IsNamed() => With(place => Refuses(
        place.Train(place.Write("f.csv", Tables.FlowerLines(6).Skip(1))), "no column 'label'", "first line looks like data"));

    [TestMethod]
    public void OneClass_IsNamed() => With(place => Refuses(
        place.Train(place.Write("f.csv", "a,label", "1,x", "2,x")), "all training rows have the class 'x'"));

    [TestMethod]
    public void RaggedRow_IsNamed() => With(place => Refuses(
        place.Train(place.Write("f.csv", "a,label", "1,x", "2,y,z")), "line 3: 3 fields, but the header has 2"));

    [TestMethod]
    public void SplitWithoutTestRows_SaysWhatItHolds() => With(place => Refuses(
        place.Train(place.Write("f.csv", "a,s,label", "1,train,x", "2,holdout,y"), "--split-column", "s"), "no row says 'test'", "'holdout'"));

    [TestMethod]
    [DataRow("--epochs", "0", "at least 1")]
    [DataRow("--epochs", "many", "'many'")]
    [DataRow("--learning-rate", "-1", "above 0")]
    [DataRow("--batch-size", "0", "at least 1")]
    [DataRow("--hidden-layers", "-1", "at least 0")]
    [DataRow("--hidden-units", "0", "at least 1")]
    [DataRow("--square-weight", "NaN", "at least 0")]
    [DataRow("--validation-fraction", "1", "in [0, 1)")]
    [DataRow("--test-fraction", "1.5", "in [0, 1)")]
    [DataRow("--few-classes", "half", "reduce, keep")]
    [DataRow("--threads", "-2", "at least 0")]
    [DataRow("--loss", "hinge", "squentropy")]
    [DataRow("--ignore", "nothing", "no column 'nothing'")]
    [DataRow("--numeric", "label2", "no column 'label2'")]
    public void BadValue_NamesItsOption(string option, string value, string part) => With(place => Refuses(
        Workplace.Run("train", "squentropy", place.Write("f.csv", Tables.FlowerLines(6)), "--label", "label", "--out", place["m.zip"], option, value), option, part));

    [TestMethod]
    public void TwoTestParts_AreRefused() => With(place => Refuses(
        place.Train(place.Write("f.csv", Tables.FlowerLines(6)), "--test-fraction", "0.1", "--test", "f.csv"), "only one of"));

    [TestMethod]
    public void UnwritableOut_IsRefusedBeforeTheDataIsRead() => With(place =>
    {
        string file = place.Write("file", "not a folder");
        Refuses(
            Workplace.Run("train", "squentropy", place["no.csv"], "--label", "label", "--out", Path.Combine(file, "m.zip")),
            "--out", "cannot be written to");
    });

    [TestMethod]
    public void FailedTraining_LeavesTheOldModel() => With(place =>
    {
        place.Write("model.zip", "precious");
        Refuses(place.Train(place.Write("f.csv", "a,label", "1,x", "2,x")), "x");
        Assert.AreEqual("precious\n", File.ReadAllText(place["model.zip"]));
    });

    [TestMethod]
    public void InterruptedRunsCheckpoints_AreNotOverwritten() => With(place =>
    {
        Directory.CreateDirectory(place["model.zip.checkpoints/step-00000001"]);
        Refuses(place.Train(place.Write("f.csv", Tables.FlowerLines(6))), "add --resume");
    });

    [TestMethod]
    public void ResumeWithOtherOptions_NamesTheToolsOptions() => With(place =>
    {
        string data = place.Write("f.csv", Tables.FlowerLines(60)), folder = place["kept"];
        Assert.AreEqual(0, place.Train(data, "--epochs", "1", "--checkpoints", folder).ExitCode);
        Workplace.Outcome options = place.Train(data, "--epochs", "1", "--checkpoints", folder, "--resume", "--square-weight", "0.5");
        Refuses(options, "Cannot resume", "made with --square-weight = ", "now --square-weight = ", "another --checkpoints folder.");
        Assert.DoesNotContain("CheckpointFolder", options.Error);
    });

    [TestMethod]
    public void ResumeWithOtherData_IsRefused() => With(place =>
    {
        string folder = place["kept"];
        Assert.AreEqual(0, place.Train(place.Write("f.csv", Tables.FlowerLines(60)), "--epochs", "1", "--checkpoints", folder).ExitCode);
        Refuses(
            place.Train(place.Write("f.csv", Tables.FlowerLines(60, seed: 2)), "--epochs", "1", "--checkpoints", folder, "--resume"),
            "Cannot resume", "training data", "another --checkpoints folder.");
    });

    [TestMethod]
    public void Verbose_ShowsWhereItComesFrom() => With(place =>
    {
        Workplace.Outcome outcome = place.Train(place["no.csv"], "--verbose");
        Assert.AreEqual(2, outcome.ExitCode);
        StringAssert.Contains(outcome.Error, "   at ");
    });

    private static void With(Action<Workplace> test)
    {
        using var place = new Workplace();
        test(place);
    }
}
