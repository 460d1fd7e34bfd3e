using System.Text.RegularExpressions;

namespace MLNetExt.Tests.Architecture;

/// <summary>Code on these pages is code that compiles: each excerpt stands, line for line, in a file of the tests.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    [TestMethod]
    [DataRow("docs/components.md")]
    [DataRow("docs/data.md")]
    public void Excerpts_are_compiled_code(string page)
    {
        string[] sources = [.. Repository.Sources("tests/ThirdParty").Concat(Repository.Sources("tests/ChildProcess")).Select(s => Unindented(Repository.Read(s)))];
        string[] excerpts = [.. Excerpt().Matches(Repository.Read(page)).Select(m => Unindented(m.Groups["code"].Value))];

        Assert.IsNotEmpty(excerpts);
        Assert.AreEqual(string.Empty, string.Join("\n---\n", excerpts.Where(e => !sources.Any(s => s.Contains(e, StringComparison.Ordinal)))));
    }

    private static string Unindented(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex(@"```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Excerpt();
}
