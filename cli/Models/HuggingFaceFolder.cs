namespace MLNetExt.Cli.Models;

/// <summary>Where <c>--huggingface</c> writes a model directory.</summary>
internal static class HuggingFaceFolder
{
    /// <summary>Fails now rather than after hours of training.</summary>
    /// <param name="folder">The folder; null when none is written.</param>
    /// <exception cref="UserErrorException">Something else than a model is there.</exception>
    public static void RequireReplaceable(string? folder)
    {
        if (File.Exists(folder))
            throw new UserErrorException($"--huggingface '{folder}' is a file: name a folder.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, "config.json")))
            throw new UserErrorException($"--huggingface '{folder}' holds other things than a model: name a folder of its own.");
    }
}
