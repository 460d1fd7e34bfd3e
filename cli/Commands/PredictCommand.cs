using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext predict</c>.</summary>
internal sealed class PredictCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A multiclass model, of MLNetExt or of ML.NET." };
    private readonly Argument<string> _data = new("data") { Description = "A CSV or TSV file with a header line, or JSON Lines; it needs no label." };
    private readonly PredictionOptions _predictions = new();

    public PredictCommand(Terminal terminal)
        : base("predict", "Write a model's predictions for the rows of a file.")
    {
        _terminal = terminal;
        Add(_model);
        Add(_data);
        _predictions.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        PredictionFile predictions = _predictions.Open(parsed, _terminal);
        MLContext ml = Contexts.Create(_terminal);
        (ITransformer model, DataViewSchema inputs) = ModelFile.Load(ml, parsed.GetRequiredValue(_model));
        using var owned = model as IDisposable;
        TableFile file = TableFile.Open(parsed.GetRequiredValue(_data));
        var copied = _predictions.Copied(parsed, file);
        IDataView rows = ModelInput.Load(ml, inputs, file, copied);
        predictions.Write(new ScoredRows(model, rows), [.. copied.Select(c => c.Source)], _predictions.AllProbabilities(parsed));
        return ExitCode.Success;
    }
}
