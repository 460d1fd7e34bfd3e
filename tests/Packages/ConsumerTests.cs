using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetExt.Tests.Packages;

[TestClass]
[TestCategory("Package")]
[OSCondition(OperatingSystems.Linux)]
public sealed partial class ConsumerTests
{
    private static readonly string s_letters = Path.Combine(PackageFolder.RepositoryRoot, "samples", "data", "letter.csv");

    public static IEnumerable<string> Libraries => PackageFolder.Libraries;

    [TestMethod]
    public async Task OneProgramTrainsAndSaves_AnotherLoadsAndPredictsTheSame()
    {
        string model = Path.Combine(PackageFolder.Root, "letter.zip");
        var trainer = new Consumer("Train", Sources("Train.cs", "Predictions.cs"), "MLNetExt.Trainers", native: true);
        var loader = new Consumer("Load", Sources("Load.cs", "Predictions.cs"), "MLNetExt.Trainers", native: true);
        await trainer.BuildAsync();
        await loader.BuildAsync();

        Command.Outcome trained = await trainer.RunAsync(s_letters, model);
        Assert.AreEqual(0, trained.ExitCode, trained.All);
        Command.Outcome loaded = await loader.RunAsync(s_letters, model);
        Assert.AreEqual(0, loaded.ExitCode, loaded.All);

        (string Letter, float[] Scores)[] expected = [.. trained.Lines.Select(Parse)], actual = [.. loaded.Lines.Select(Parse)];
        Assert.HasCount(50, expected);
        Assert.IsGreaterThan(1, expected.Select(p => p.Letter).Distinct().Count());
        CollectionAssert.AreEqual(expected.Select(p => p.Letter).ToArray(), actual.Select(p => p.Letter).ToArray());
        foreach (var (left, right) in expected.Zip(actual))
            Assert.IsLessThan(1e-6f, left.Scores.Zip(right.Scores, (a, b) => Math.Abs(a - b)).Max());
    }

    [TestMethod]
    public async Task ProgramWithoutANativePackage_SaysWhichToReference()
    {
        var program = new Consumer("NoNative", Sources("Train.cs", "Predictions.cs"), "MLNetExt.Trainers", native: false);
        await program.BuildAsync();

        Command.Outcome outcome = await program.RunAsync(s_letters, Path.Combine(PackageFolder.Root, "never.zip"));

        Assert.AreNotEqual(0, outcome.ExitCode, outcome.All);
        StringAssert.Contains(outcome.Error, "Reference one native package in the application's project: libtorch-cpu-linux-x64 2.10.0");
    }

    [TestMethod]
    [DynamicData(nameof(Libraries))]
    public async Task ReadmeExample_Compiles(string library)
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(PackageFolder.RepositoryRoot, "nuget", "readme", $"{library}.md"));
        string example = CSharpBlock.Match(readme).Groups["code"].Value;
        Assert.AreNotEqual("", example);

        var program = new Consumer(library.Replace("MLNetExt.", "Readme", StringComparison.Ordinal), [("Program.cs", example)], library, native: false);
        Command.Outcome build = await program.BuildAsync();

        StringAssert.Contains(build.Output, "0 Warning(s)");
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock { get; }

    private static IEnumerable<(string Name, string Text)> Sources(params string[] names) =>
        names.Select(n => (n, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Consumers", n))));

    private static (string Letter, float[] Scores) Parse(string line)
    {
        string[] parts = line.Split(' ');
        return (parts[0], [.. parts.Skip(1).Select(p => float.Parse(p, CultureInfo.InvariantCulture))]);
    }
}
