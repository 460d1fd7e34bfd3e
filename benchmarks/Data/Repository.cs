namespace MLNetExt.Benchmarks;

/// <summary>Where the repository that this program was built from keeps its data.</summary>
internal static class Repository
{
    private static readonly string s_root = FindRoot();

    /// <summary>A file of samples/data.</summary>
    public static string Sample(string fileName) => Path.Combine(s_root, "samples", "data", fileName);

    /// <summary>A file of tests/golden.</summary>
    public static string Golden(string fileName) => Path.Combine(s_root, "tests", "golden", fileName);

    /// <summary>A folder of data that is no part of the repository and lies next to it; null when it is not there.</summary>
    public static string? SharedData(string name)
    {
        string folder = Path.GetFullPath(Path.Combine(s_root, "..", "shared", "data", name));
        return Directory.Exists(folder) ? folder : null;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MLNetExt.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"MLNetExt.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
