using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext predict</c>.</summary>
internal sealed class PredictCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A multiclass model, of MLNetExt or of ML.NET." };
    private readonly Argument<string> _data = new("data") { Description = "A CSV or TSV file with a header line; it needs no label." };
    private readonly Option<string?> _out = new("--out") { Description = "The CSV file to write; stdout without it.", HelpName = "predictions.csv" };
    private readonly Option<string[]> _copy = CheckedOption.Columns("--copy", "A column of the data to write beside the predictions; may be repeated.");
    private readonly Option<bool> _scores = new("--scores") { Description = "Write the probability of every class." };

    public PredictCommand(Terminal terminal)
        : base("predict", "Write a model's predictions for the rows of a file.")
    {
        _terminal = terminal;
        Add(_model);
        Add(_data);
        Add(_out);
        Add(_copy);
        Add(_scores);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string? path = parsed.GetValue(_out);
        if (path is not null)
            ModelFile.RequireWritable(path);
        MLContext ml = Contexts.Create(_terminal);
        (ITransformer model, DataViewSchema inputs) = ModelFile.Load(ml, parsed.GetRequiredValue(_model));
        using var owned = model as IDisposable;
        DelimitedFile file = DelimitedFile.Open(parsed.GetRequiredValue(_data));
        string[] copied = parsed.GetRequiredValue(_copy);
        foreach (string column in copied)
            file.IndexOf(column, _copy.Name);
        IDataView rows = ModelInput.Load(ml, inputs, file, copied.Select(c => ($"mlnetext.copy.{c}", c)));
        var scored = new ScoredRows(model, rows);

        if (path is null)
            Write(scored, copied, parsed.GetValue(_scores), _terminal.Out);
        else
        {
            AtomicFile.Write(path, stream =>
            {
                using var writer = new StreamWriter(stream);
                Write(scored, copied, parsed.GetValue(_scores), writer);
            });
        }

        return ExitCode.Success;
    }

    private void Write(ScoredRows scored, string[] copied, bool allProbabilities, TextWriter to)
    {
        var writer = new PredictionWriter(to, scored.Classes, allProbabilities);
        writer.WriteHeader(copied);
        scored.ForEach([.. copied.Select(c => $"mlnetext.copy.{c}")], writer.WriteRow, _terminal.Cancellation);
        if (writer.Unpredicted > 0)
            _terminal.Warn($"{writer.Unpredicted} of {writer.Rows} rows have no prediction: the model gives them no probabilities.");
    }
}
