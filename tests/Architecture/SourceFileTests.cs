using System.Text.RegularExpressions;
using Mono.Cecil;

namespace MLNetExt.Tests.Architecture;

/// <summary>The reader finds a thing where its name says, in a file that can be read in one go.</summary>
[TestClass]
public sealed partial class SourceFileTests
{
    private const int MaxLines = 400;

    [TestMethod]
    public void No_source_file_is_longer_than_400_lines()
    {
        string[] sources = [.. Repository.Sources()];
        Assert.IsGreaterThan(100, sources.Length);
        Assert.AreEqual(string.Empty, string.Join('\n', sources.Where(s => File.ReadLines(Path.Combine(Repository.Root, s)).Count() > MaxLines)));
    }

    [TestMethod]
    [DataRow("Extensions")]
    [DataRow("Evaluation")]
    [DataRow("Transforms")]
    [DataRow("Trainers")]
    public void Every_public_type_is_in_the_file_named_after_it(string project)
    {
        ModuleDefinition module = Compiled.Product.Single(m => m.Assembly.Name.Name == "MLNetExt." + project);
        var declaredIn = Repository.Sources(project)
            .SelectMany(path => Declaration().Matches(Repository.Read(path)).Select(m => (Type: m.Groups["name"].Value, File: Path.GetFileName(path).Split('.')[0])))
            .Where(d => d.Type == d.File).Select(d => d.Type).ToHashSet();
        string[] types = [.. module.Types.Where(t => t.IsPublic).Select(t => t.Name.Split('`')[0])];

        Assert.IsGreaterThan(3, types.Length);
        Assert.AreEqual(string.Empty, string.Join('\n', types.Where(t => !declaredIn.Contains(t)).Distinct()));
    }

    [GeneratedRegex(@"^public (?:\w+ )*?(?:class|struct|record|interface|enum|delegate \S+) (?:class |struct )?(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
