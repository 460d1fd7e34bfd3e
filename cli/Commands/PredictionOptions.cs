using System.CommandLine;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say what is written of predictions, and where.</summary>
internal sealed class PredictionOptions
{
    private readonly Option<string?> _out = new("--out") { Description = "The CSV file to write; stdout without it.", HelpName = "predictions.csv" };
    private readonly Option<string[]> _copy = CheckedOption.Columns("--copy", "A column of the data to write beside the predictions; may be repeated.");
    private readonly Option<bool> _scores = new("--scores") { Description = "Write the probability of every class." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _out, _copy, _scores })
            command.Add(option);
    }

    public bool HasFile(ParseResult parsed) => parsed.GetValue(_out) is not null;

    public bool AllProbabilities(ParseResult parsed) => parsed.GetValue(_scores);

    /// <exception cref="UserErrorException">The data has no such column.</exception>
    public IReadOnlyList<(string Name, string Source)> Copied(ParseResult parsed, TableFile file) =>
        CopiedColumns.Of(file, parsed.GetRequiredValue(_copy), _copy.Name);

    /// <exception cref="UserErrorException">Nothing can be written there.</exception>
    public PredictionFile Open(ParseResult parsed, Terminal terminal)
    {
        string? path = parsed.GetValue(_out);
        if (path is not null)
            ModelFile.RequireWritable(path);
        return new PredictionFile(terminal, path);
    }
}
