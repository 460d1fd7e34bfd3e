using System.Diagnostics;

namespace MLNetExt.Tests.Cli;

/// <summary>The packed tool, installed into an empty folder.</summary>
[TestClass]
[TestCategory("Package")]
public class PackageTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [Timeout(900_000)]
    public async Task InstalledTool_RunsAndTrains()
    {
        using var place = new Workplace();
        string project = Path.Combine(RepositoryRoot(), "cli");
        await Succeed("dotnet", "pack", project, "-c", "Release", "-o", place["packages"]);
        string[] packages = [.. Directory.GetFiles(place["packages"], "*.nupkg").Select(p => Path.GetFileName(p)).Order()];
        Assert.HasCount(2, packages);
        StringAssert.StartsWith(packages[1], "MLNetExt.Cli.linux-x64.");
        Assert.IsLessThan(200_000_000, new FileInfo(place[$"packages/{packages[1]}"]).Length);

        await Succeed("dotnet", "tool", "install", "MLNetExt.Cli", "--tool-path", place["tools"], "--source", place["packages"]);
        string tool = place["tools/mlnetext"];
        StringAssert.Contains(await Succeed(tool, "doctor"), "2.10.0");
        string data = place.Write("letter.csv", Tables.LetterLines(20));
        string trained = await Succeed(tool, "train", "squentropy", data, "--label", "label", "--split-column", "split", "--epochs", "2", "--out", place["m.zip"]);
        StringAssert.Contains(trained, "accuracy");
        StringAssert.Contains(await Succeed(tool, "predict", place["m.zip"], data), "row,prediction,probability");
        await Succeed(tool, "evaluate", place["m.zip"], data, "--label", "label", "--diagram", place["d.svg"]);
    }

    private async Task<string> Succeed(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.CancellationToken);
        await process.WaitForExitAsync(TestContext.CancellationToken);
        Assert.AreEqual(0, process.ExitCode, $"{program} {string.Join(' ', arguments)}\n{await output}\n{await error}");
        return await output;
    }

    private static string RepositoryRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MLNetExt.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The test does not run inside the repository.");
        return folder;
    }
}
