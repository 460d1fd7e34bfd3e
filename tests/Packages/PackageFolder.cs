using System.Globalization;
using System.Reflection;

namespace MLNetExt.Tests.Packages;

/// <summary>The packages, packed once for all tests under a version of their own, in a folder that is gone afterwards.</summary>
[TestClass]
public static class PackageFolder
{
    public static readonly string[] Libraries = ["MLNetExt.Extensions", "MLNetExt.Evaluation", "MLNetExt.Transforms", "MLNetExt.Trainers"];

    // A version that was never restored before: the machine's package cache cannot hold a stale copy of it.
    private static readonly string s_suffix = "test." + DateTime.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);

    public static string RepositoryRoot { get; } = typeof(PackageFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>A folder outside the repository.</summary>
    public static string Root { get; private set; } = "";

    /// <summary>What <c>nuget/pack.sh</c> made.</summary>
    public static string Packages => Path.Combine(Root, "packages");

    public static string Version { get; private set; } = "";

    public static string PathOf(string package, string extension = "nupkg") => Path.Combine(Packages, $"{package}.{Version}.{extension}");

    [AssemblyInitialize]
    public static async Task PackAsync(TestContext context)
    {
        Root = Directory.CreateTempSubdirectory("mlnetext-packages-").FullName;

        // Its own build folder: the outputs that other tests run from stay as they are.
        await Command.SucceedAsync(RepositoryRoot, "bash", "nuget/pack.sh", Packages,
            "--artifacts-path", Path.Combine(Root, "build"), $"-p:VersionSuffix={s_suffix}");
        string library = Directory.EnumerateFiles(Packages, $"{Libraries[0]}.*.nupkg").Single();
        Version = Path.GetFileNameWithoutExtension(library)[(Libraries[0].Length + 1)..];
    }

    [AssemblyCleanup]
    public static async Task DeleteAsync()
    {
        var cache = await Command.SucceedAsync(Root, "dotnet", "nuget", "locals", "global-packages", "--list");
        string restored = cache.Output.Split(':', 2)[1].Trim();
        foreach (string library in Libraries)
        {
            string versions = Path.Combine(restored, library.ToLowerInvariant());
            if (!Directory.Exists(Path.Combine(versions, Version)))
                continue;
            Directory.Delete(Path.Combine(versions, Version), recursive: true);
            if (!Directory.EnumerateFileSystemEntries(versions).Any())
                Directory.Delete(versions);
        }

        Directory.Delete(Root, recursive: true);
    }
}
