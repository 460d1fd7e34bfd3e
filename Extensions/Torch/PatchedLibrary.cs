using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNetExt.Torch;

/// <summary>A private copy of a native library that does not insist on one symbol version.</summary>
internal static class PatchedLibrary
{
    /// <summary>Loads the copy, making it first where it is not in the user's cache.</summary>
    /// <returns>The path of the loaded copy.</returns>
    /// <exception cref="DllNotFoundException">The copy could be neither written nor loaded anywhere.</exception>
    public static string Load(string original, string version)
    {
        byte[] image = File.ReadAllBytes(original);
        string hash = Convert.ToHexStringLower(SHA256.HashData(image));
        ElfVersionPatch.MakeWeak(image, version);
        try
        {
            string copy = Store(Path.Combine(UserCache(), "mlnetext", "native", hash), Path.GetFileName(original), image);
            NativeLibrary.Load(copy);
            return copy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            // A read-only home, or one mounted noexec.
            return LoadFromTemporaryFolder(Path.GetFileName(original), image, e);
        }
    }

    /// <summary>Makes the file hold exactly <paramref name="image"/>; other processes see the old file or the new, never a part.</summary>
    internal static string Store(string folder, string fileName, byte[] image)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, fileName);
        if (Holds(path, image))
            return path;
        string unfinished = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            using (var file = File.Create(unfinished))
            {
                file.Write(image);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }

        return path;
    }

    private static bool Holds(string path, byte[] image)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length == image.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(image);
    }

    /// <returns>Where the library was loaded from; the file itself is gone by then.</returns>
    private static string LoadFromTemporaryFolder(string fileName, byte[] image, Exception cacheError)
    {
        try
        {
            // A fresh folder that only this user can enter, so that nobody can plant a file; a loaded library needs no file.
            var folder = Directory.CreateTempSubdirectory("mlnetext-");
            try
            {
                string copy = Store(folder.FullName, fileName, image);
                NativeLibrary.Load(copy);
                return copy;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new DllNotFoundException(
                $"This system's C++ library is older than the one {fileName} was built with, and the private copy that can do "
                + $"without could be loaded neither from the user's cache ({cacheError.Message}) nor from the temporary folder "
                + $"({e.Message}). Set XDG_CACHE_HOME to a writable folder from which programs may run.", e);
        }
    }

    private static string UserCache()
    {
        string? configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.IsPathFullyQualified(configured ?? "")
            ? configured!
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
    }
}
