using MLNetExt.Cli.Output;
using MLNetExt.Training;

namespace MLNetExt.Cli.Models;

/// <summary>Where a training run keeps its checkpoints.</summary>
/// <param name="chosen">The folder that the user chose, which is kept; null for one beside the model, which goes when training succeeds.</param>
/// <param name="model">The model file.</param>
/// <param name="resume">Whether to go on from the newest checkpoint.</param>
internal sealed class CheckpointFolder(string? chosen, string model, bool resume)
{
    private string Path { get; } = chosen ?? $"{model}.checkpoints";

    /// <summary>Sets the options up.</summary>
    /// <exception cref="UserErrorException">The folder has the checkpoints of another run.</exception>
    public void Apply(TrainingOptions options)
    {
        if (!resume && Directory.Exists(Path) && Directory.EnumerateDirectories(Path, "step-*").Any())
            throw new UserErrorException($"'{Path}' holds the checkpoints of an interrupted run: add --resume to go on with it, or delete the folder.");
        (options.CheckpointFolder, options.Resume) = (Path, resume);
    }

    /// <summary>Trains.</summary>
    /// <param name="train">Reads and writes the folder.</param>
    /// <exception cref="UserErrorException">The folder's checkpoints were made with other options or data.</exception>
    public static T Guard<T>(Func<T> train)
    {
        try
        {
            return train();
        }
        catch (InvalidOperationException e) when (e.Message.Contains(nameof(TrainingOptions.CheckpointFolder), StringComparison.Ordinal))
        {
            // Only messages about the folder's contents advise to choose another.
            throw new UserErrorException(OptionNames.Translate(e.Message));
        }
    }

    /// <summary>Takes the folder away, unless the user chose it.</summary>
    public void CleanUp()
    {
        if (chosen is null && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    /// <summary>Says how to go on after a cancellation.</summary>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="cancellation">How training ended.</param>
    /// <param name="arguments">The command line.</param>
    public void ExplainResume(Terminal terminal, OperationCanceledException cancellation, IEnumerable<string> arguments)
    {
        string[] words = [.. arguments.Where(a => a != "--resume").Select(Quote), "--resume"];
        string state = cancellation is TrainingCanceledException { CheckpointPath: { } checkpoint, Step: var step }
            ? $"Cancelled after step {step}; the checkpoint is '{checkpoint}'."
            : "Cancelled.";
        terminal.Error.WriteLine(Directory.Exists(Path)
            ? $"{state} To go on:{Environment.NewLine}  mlnetext {string.Join(' ', words)}"
            : $"{state} Training had not begun.");
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c)) ? word : $"'{word.Replace("'", @"'\''")}'";
}
