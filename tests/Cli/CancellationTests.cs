using System.Diagnostics;
using System.Globalization;

namespace MLNetExt.Tests.Cli;

[TestClass]
public class CancellationTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [Timeout(300_000)]
    public async Task CtrlC_KeepsACheckpoint_AndResumeEqualsAnUninterruptedRun()
    {
        using var place = new Workplace();
        string data = place.Write("letter.csv", Tables.LetterLines(20));
        string[] Arguments(string model) =>
        [
            "train", "squentropy", data, "--label", "label", "--split-column", "split", "--epochs", "40",
            "--hidden-layers", "1", "--hidden-units", "32", "--batch-size", "16", "--threads", "1", "--out", place[model],
        ];
        Assert.AreEqual(0, Workplace.Run(Arguments("whole.zip")).ExitCode);

        (int code, string error) = await InterruptAfterFirstEpoch(Arguments("parts.zip"));
        Assert.AreEqual(130, code, error);
        StringAssert.Contains(error, "the checkpoint is '" + place["parts.zip.checkpoints"]);
        StringAssert.Contains(error, "mlnetext train squentropy");
        StringAssert.Contains(error, "--resume");
        Assert.IsFalse(File.Exists(place["parts.zip"]));

        Workplace.Outcome resumed = Workplace.Run([.. Arguments("parts.zip"), "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        Assert.DoesNotContain("epoch 1/", resumed.Error);
        Assert.IsFalse(Directory.Exists(place["parts.zip.checkpoints"]));
        Assert.AreEqual(
            Workplace.Run("predict", place["whole.zip"], data, "--scores").Out, Workplace.Run("predict", place["parts.zip"], data, "--scores").Out);
    }

    [TestMethod]
    public void CtrlC_WhileTheTestPartIsMeasured_WaitsForTheResult()
    {
        using var place = new Workplace();
        using var interrupt = new CancellationTokenSource();

        // The test file is read after the model was saved; the warning of its bad cell is when the user loses patience.
        using var error = new WatchedWriter("Bad value", interrupt);
        string data = place.Write("f.csv", Tables.FlowerLines(60));
        string test = place.Write("t.csv", ["length,width,label", "abc,1,iris", .. Tables.FlowerLines(2000).Skip(1)]);
        Workplace.Outcome outcome = Workplace.Run(
            ["train", "squentropy", data, "--label", "label", "--test", test, "--epochs", "1", "--out", place["m.zip"], "--json"], error, interrupt.Token);

        Assert.IsTrue(interrupt.IsCancellationRequested, outcome.Error);
        Assert.AreEqual(2001, outcome.Json.GetProperty("testRows").GetInt32());
        Assert.IsTrue(File.Exists(place["m.zip"]));
        Assert.DoesNotContain("Cancelled", outcome.Error);
    }

    private async Task<(int ExitCode, string Error)> InterruptAfterFirstEpoch(string[] arguments)
    {
        using Process tool = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MLNetExt.Cli.dll"), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var lines = new List<string>();
            while (await tool.StandardError.ReadLineAsync(TestContext.CancellationToken) is { } line)
            {
                lines.Add(line);
                if (!line.StartsWith("epoch 1/", StringComparison.Ordinal))
                    continue;
                using Process kill = Process.Start("bash", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {tool.Id}")]);
                await kill.WaitForExitAsync(TestContext.CancellationToken);
            }

            await tool.WaitForExitAsync(TestContext.CancellationToken);
            return (tool.ExitCode, string.Join('\n', lines));
        }
        finally
        {
            if (!tool.HasExited)
                tool.Kill(entireProcessTree: true);
        }
    }
}
