using System.Xml.Linq;

namespace MLNetExt.Tests.Architecture;

/// <summary>An arrow between projects never points up.</summary>
[TestClass]
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Extensions"] = [],
        ["Evaluation"] = ["Extensions"],
        ["Transforms"] = ["Extensions"],
        ["Trainers"] = ["Extensions", "Evaluation", "Transforms"],
        ["AutoMLIntegration"] = ["Extensions", "Evaluation", "Transforms", "Trainers"],
        ["cli"] = ["Extensions", "Evaluation", "Transforms", "Trainers", "AutoMLIntegration"],
    };

    [TestMethod]
    public void No_project_refers_to_one_above_it()
    {
        string[] projects = [.. Repository.ProductProjects()];
        Assert.IsGreaterThanOrEqualTo(3, projects.Length);
        Assert.AreEqual(string.Empty, string.Join('\n', projects.SelectMany(p => Forbidden(Folder(p), Repository.Read(p)))));
    }

    [TestMethod]
    public void An_arrow_up_is_found()
    {
        const string Project = """<Project><ItemGroup><ProjectReference Include="../Trainers/MLNetExt.Trainers.csproj" /></ItemGroup></Project>""";

        CollectionAssert.AreEqual((string[])["Evaluation may not refer to Trainers."], Forbidden("Evaluation", Project).ToArray());
    }

    private static IEnumerable<string> Forbidden(string folder, string project)
    {
        string[] allowed = s_allowed.GetValueOrDefault(folder)
            ?? throw new AssertFailedException($"The folder {folder} has a project: say in {nameof(ProjectArrowsTests)} what it may refer to.");
        return XDocument.Parse(project).Descendants("ProjectReference")
            .Select(r => Folder(r.Attribute("Include")!.Value.Replace('\\', '/').TrimStart('.', '/')))
            .Except(allowed)
            .Select(other => $"{folder} may not refer to {other}.");
    }

    private static string Folder(string path) => path.Split('/')[0];
}
