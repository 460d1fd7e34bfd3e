using System.IO.Compression;
using System.Text.Json;

namespace MLNetExt.Tests.Packages;

[TestClass]
[TestCategory("Package")]
[OSCondition(OperatingSystems.Linux)]
public sealed class ToolTests
{
    private const string LinuxTool = "MLNetExt.Cli.linux-x64";

    private static readonly string s_letters = Path.Combine(PackageFolder.RepositoryRoot, "samples", "data", "letter.csv");

    [TestMethod]
    public void Package_NamesTheSystemThatItRunsOnAndHoldsWhatTheToolRunsAndNoMore()
    {
        using ZipArchive pointer = ZipFile.OpenRead(PackageFolder.PathOf("MLNetExt.Cli"));
        using ZipArchive package = ZipFile.OpenRead(PackageFolder.PathOf(LinuxTool));
        string[] files = [.. package.Entries.Select(e => e.Name)];

        Assert.IsTrue(pointer.Entries.All(e => e.Name != "MLNetExt.Cli.dll"));
        CollectionAssert.IsSubsetOf(
            new[] { "MLNetExt.Cli.dll", "libtorch_cpu.so", "libLibTorchSharp.so", "README.md", "icon.png", "THIRD-PARTY-NOTICES.txt", "LICENSE-LIBTORCH.txt" }, files);
        Assert.IsLessThan(200_000_000, new FileInfo(PackageFolder.PathOf(LinuxTool)).Length);
        Assert.IsEmpty(files.Where(f => f.StartsWith("Publicizer", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task InstalledTool_RunsTrainsPredictsAndEvaluates()
    {
        string folder = Directory.CreateDirectory(Path.Combine(PackageFolder.Root, "tool")).FullName;
        await Command.SucceedAsync(folder, "dotnet", "tool", "install", "MLNetExt.Cli", "--tool-path", folder,
            "--version", PackageFolder.Version, "--source", PackageFolder.Packages);
        string tool = Path.Combine(folder, "mlnetext"), model = Path.Combine(folder, "letter.zip");

        StringAssert.Contains((await Command.SucceedAsync(folder, tool, "doctor")).Output, "2.10.0");
        Command.Outcome trained = await Command.SucceedAsync(folder, tool, "train", "squentropy", s_letters,
            "--label", "label", "--split-column", "split", "--out", model, "--epochs", "1", "--json");
        // One epoch of the default network: far above the 1 in 26 of chance, far below what it reaches in the end.
        Assert.IsGreaterThan(0.5, JsonDocument.Parse(trained.Output).RootElement.GetProperty("accuracy").GetDouble());

        StringAssert.Contains((await Command.SucceedAsync(folder, tool, "predict", model, s_letters)).Output, "row,prediction,probability");
        string diagram = Path.Combine(folder, "letter.svg");
        await Command.SucceedAsync(folder, tool, "evaluate", model, s_letters, "--label", "label", "--diagram", diagram);
        Assert.IsTrue(File.Exists(diagram));
    }
}
