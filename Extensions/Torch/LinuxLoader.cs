using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace MLNetExt.Torch;

/// <summary>
/// Loads libtorch and TorchSharp's native library on Linux, dependencies first, so that TorchSharp's own search then
/// finds each of them in the process by its name.
/// </summary>
internal static partial class LinuxLoader
{
    public const string TorchSharpLibrary = "libLibTorchSharp.so";

    /// <summary>
    /// TorchSharp's library asks for this version only through std::ios_base_library_init, a marker that nothing in it
    /// is bound to; libstdc++ of GCC 12 (Debian 12, Ubuntu 22.04) ends at 3.4.30.
    /// </summary>
    public const string UnneededVersion = "GLIBCXX_3.4.32";

    public static (string? Library, bool IsPatchedCopy) Load()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new DllNotFoundException(
                $"libtorch {NativePackages.LibTorchVersion} has no NuGet package for Linux on {RuntimeInformation.ProcessArchitecture}: use an x64 machine.");
        }

        LoadLibrary("libc10.so", NativePackages.Advice);
        LoadLibrary("libtorch_cpu.so", NativePackages.Advice);
        LoadIfPresent("libtorch_cuda.so");
        LoadLibrary("libtorch.so", NativePackages.Advice);
        try
        {
            string? original = LoadLibrary(TorchSharpLibrary, $"Reference TorchSharp {NativePackages.TorchSharpVersion}.");
            return (original, false);
        }
        catch (DllNotFoundException e) when (NamesUnneededVersion().IsMatch(e.Message) && Find(TorchSharpLibrary) is { } original)
        {
            return (PatchedLibrary.Load(original, UnneededVersion), true);
        }
    }

    /// <summary>Loads a library from the application's native assets or, where they lack it, from the system's path.</summary>
    /// <returns>The full path, or <see langword="null"/> when the system's loader found it.</returns>
    private static string? LoadLibrary(string fileName, string advice)
    {
        string? path = Find(fileName);
        if (path is not null)
        {
            NativeLibrary.Load(path);
        }
        else if (!NativeLibrary.TryLoad(fileName, out _))
        {
            throw new DllNotFoundException(
                $"The native library {fileName} is not among this application's files. {advice} "
                + $"Searched: {string.Join(", ", Directories())}.");
        }

        return path;
    }

    // libtorch.so of a CUDA build needs libtorch_cuda.so; when that cannot load, libtorch.so's own error says why.
    private static void LoadIfPresent(string fileName)
    {
        if (Find(fileName) is { } path)
            NativeLibrary.TryLoad(path, out _);
    }

    private static string? Find(string fileName) =>
        Directories().Select(directory => Path.Combine(directory, fileName)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Directories()
    {
        var probed = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string?[] roots = [AppContext.BaseDirectory, Path.GetDirectoryName(typeof(torch).Assembly.Location), Path.GetDirectoryName(typeof(LibTorch).Assembly.Location)];
        return probed
            .Concat(roots.Where(root => !string.IsNullOrEmpty(root)).SelectMany(root => new[] { root!, Path.Combine(root!, "runtimes", "linux-x64", "native") }))
            .Select(directory => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)))
            .Distinct();
    }

    // The words around the version are translated by the system's locale; the version is not.
    [GeneratedRegex(@"GLIBCXX_3\.4\.32(?!\d)")]
    private static partial Regex NamesUnneededVersion();
}
