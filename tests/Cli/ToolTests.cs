using System.Text.Json;
using MLNetExt.Cli;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class ToolTests
{
    [TestMethod]
    public void Doctor_ComputesAndShowsVersions()
    {
        JsonElement json = Workplace.Run("doctor", "--json").Json;
        Assert.AreEqual("2.10.0", json.GetProperty("libtorch").GetString());
        Assert.AreEqual("cpu", json.GetProperty("device").GetString());
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("error").ValueKind);
        StringAssert.StartsWith(json.GetProperty("mlNet").GetString(), "5.");
        StringAssert.Contains(Workplace.Run("doctor").Out, "threads");
    }

    [TestMethod]
    public void Help_DocumentsExitCodes()
    {
        Workplace.Outcome outcome = Workplace.Run("--help");
        Assert.AreEqual(0, outcome.ExitCode);
        foreach (string part in new[] { "0 done", "1 failure", "2 wrong usage", "130 cancelled", "train", "evaluate", "predict", "embed", "search", "zero-shot", "generate", "compare", "audit", "inspect", "doctor" })
            StringAssert.Contains(outcome.Out, part);
    }

    [TestMethod]
    public void ExitCode_TellsUnusableInputFromFailure()
    {
        foreach (Exception unusable in new Exception[] { new UnauthorizedAccessException(), new FileNotFoundException(), new InvalidDataException(), new ArgumentException() })
            Assert.AreEqual(2, ExitCode.Of(unusable), unusable.Message);
        foreach (Exception failure in new Exception[] { new DllNotFoundException(), new IOException(), new InvalidOperationException() })
            Assert.AreEqual(1, ExitCode.Of(failure), failure.Message);
        Assert.AreEqual(130, ExitCode.Of(new OperationCanceledException()));
    }

    [TestMethod]
    [DataRow(new string[0])]
    [DataRow(new[] { "tran" })]
    [DataRow(new[] { "train" })]
    [DataRow(new[] { "train", "squentropy" })]
    [DataRow(new[] { "train", "contrastive" })]
    [DataRow(new[] { "train", "lm", "text.txt" })]
    [DataRow(new[] { "train", "encoder", "text.txt" })]
    [DataRow(new[] { "train", "preference", "pairs.csv" })]
    [DataRow(new[] { "generate", "model.zip" })]
    [DataRow(new[] { "compare", "a.zip", "b.zip", "prompts.txt" })]
    [DataRow(new[] { "audit" })]
    [DataRow(new[] { "audit", "memorization", "model.zip" })]
    [DataRow(new[] { "embed", "model.zip" })]
    [DataRow(new[] { "search" })]
    [DataRow(new[] { "zero-shot", "model.zip" })]
    public void IncompleteCommandLine_IsWrongUsage(string[] arguments)
    {
        Workplace.Outcome outcome = Workplace.Run(arguments);
        Assert.AreEqual(2, outcome.ExitCode);
        StringAssert.Contains(outcome.Error, "--help");
    }
}
