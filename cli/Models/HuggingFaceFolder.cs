using MLNetExt.Cli.Output;
using MLNetExt.Networks;

namespace MLNetExt.Cli.Models;

/// <summary>Where <c>--huggingface</c> writes a model directory.</summary>
internal static class HuggingFaceFolder
{
    /// <summary>Fails now rather than after hours of training.</summary>
    /// <param name="folder">The folder; null when none is written.</param>
    /// <exception cref="UserErrorException">Something else than a model is there.</exception>
    public static void RequireReplaceable(string? folder)
    {
        if (folder is null)
            return;
        try
        {
            ModelDirectoryWriter.RequireReplaceable(folder);
        }
        catch (IOException e)
        {
            throw new UserErrorException($"--huggingface: {e.Message}");
        }
    }

    /// <summary>Writes the directory, last: the model is saved and measured, and that is not lost when this fails.</summary>
    /// <param name="save">Writes the model.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <param name="outcome">What is told when the directory cannot be written.</param>
    public static void Save(Action<string> save, string folder, Terminal terminal, ITrainingOutcome outcome)
    {
        try
        {
            save(folder);
        }
        catch
        {
            outcome.Show(terminal with { Out = terminal.Error });
            throw;
        }
    }
}
