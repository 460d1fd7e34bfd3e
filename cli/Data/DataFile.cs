namespace MLNetExt.Cli.Data;

/// <summary>What all files that the user names have in common.</summary>
internal static class DataFile
{
    /// <exception cref="UserErrorException">There is no such file.</exception>
    public static void Require(string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException(Directory.Exists(path) ? $"'{path}' is a folder, not a file." : $"There is no file '{path}'.");
    }
}
