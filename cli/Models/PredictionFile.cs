using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>Where predictions are written: to a file that appears whole or not at all, or to stdout.</summary>
/// <param name="terminal">Stands for stdout, and takes warnings.</param>
/// <param name="path">The file; null for stdout.</param>
internal sealed class PredictionFile(Terminal terminal, string? path)
{
    /// <summary>Writes the predictions.</summary>
    /// <param name="scored">The rows.</param>
    /// <param name="copied">The columns to write beside the predictions, loaded under <see cref="CopiedColumns"/>.</param>
    /// <param name="allProbabilities">Whether to write the probability of every class.</param>
    public void Write(ScoredRows scored, IReadOnlyList<string> copied, bool allProbabilities)
    {
        if (path is null)
        {
            Write(scored, copied, allProbabilities, terminal.Out);
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream);
            Write(scored, copied, allProbabilities, writer);
        });
    }

    private void Write(ScoredRows scored, IReadOnlyList<string> copied, bool allProbabilities, TextWriter to)
    {
        var writer = new PredictionWriter(to, scored.Classes, allProbabilities);
        writer.WriteHeader(copied);
        scored.ForEach([.. copied.Select(CopiedColumns.NameOf)], writer.WriteRow, terminal.Cancellation);
        if (writer.Unpredicted > 0)
            terminal.Warn($"{writer.Unpredicted} of {writer.Rows} rows have no prediction: the model gives them no probabilities.");
    }
}
