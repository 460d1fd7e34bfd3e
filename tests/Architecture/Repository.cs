namespace MLNetExt.Tests.Architecture;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The C# files of a folder, build output aside, as paths from the root.</summary>
    public static IEnumerable<string> Sources(string folder = ".") => Files(folder, "*.cs");

    /// <summary>The projects of the product: what lies in a folder of its own beside tests, benchmarks, samples and build.</summary>
    public static IEnumerable<string> ProductProjects() => Files(".", "*.csproj")
        .Where(p => p.Split('/')[0] is not ("tests" or "benchmarks" or "samples" or "build"));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Files(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(part => part is "obj" or "bin" or ".git"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MLNetExt.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie inside the repository.");
        return folder.FullName;
    }
}
