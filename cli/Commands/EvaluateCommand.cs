using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext evaluate</c>.</summary>
internal sealed class EvaluateCommand : Command
{
    private const string Label = "mlnetext.label";
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A multiclass model, of MLNetExt or of ML.NET." };
    private readonly Argument<string> _data = new("data") { Description = "A CSV or TSV file with a header line, or JSON Lines." };
    private readonly Option<string> _label = new("--label") { Description = "The column with the classes.", Required = true, HelpName = "column" };
    private readonly Option<string?> _split = new("--split-column") { Description = "A column that says 'test' for the rows to evaluate on.", HelpName = "column" };
    private readonly Option<string?> _diagram = new("--diagram") { Description = "Draw the reliability diagram.", HelpName = "file.svg|file.png" };
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON; accuracy and ece are fractions." };

    public EvaluateCommand(Terminal terminal)
        : base("evaluate", "Measure a model on labelled rows.")
    {
        _terminal = terminal;
        _diagram.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } path && !IsSvg(path) && !path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
                result.AddError($"--diagram must be a file that ends in .svg or .png, not '{path}'.");
        });
        foreach (Argument argument in new[] { _model, _data })
            Add(argument);
        foreach (Option option in new Option[] { _label, _split, _diagram, _json })
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        MLContext ml = Contexts.Create(_terminal);
        string modelPath = parsed.GetRequiredValue(_model);
        (ITransformer model, DataViewSchema inputs) = ModelFile.Load(ml, modelPath);
        using var owned = model as IDisposable;
        TableFile file = TableFile.Open(parsed.GetRequiredValue(_data));
        ClassificationReport report = ClassificationReport.Measure(new ScoredRows(model, Rows(parsed, ml, inputs, file)), Label, _terminal.Cancellation);

        if (parsed.GetValue(_diagram) is { } diagram)
            Draw(report.Calibration, Path.GetFileNameWithoutExtension(modelPath), diagram);
        if (parsed.GetValue(_json))
            _terminal.WriteJson(report.ToJson());
        else
            report.Show(_terminal);
        return ExitCode.Success;
    }

    private IDataView Rows(ParseResult parsed, MLContext ml, DataViewSchema inputs, TableFile file)
    {
        string label = parsed.GetRequiredValue(_label);
        file.IndexOf(label, _label.Name);
        if (parsed.GetValue(_split) is not { } split)
            return ModelInput.Load(ml, inputs, file, [(Label, label)]);
        file.IndexOf(split, _split.Name);
        return SplitColumn.Part(ml, ModelInput.Load(ml, inputs, file, [(Label, label), (SplitColumn.Name, split)]), SplitColumn.IsTest);
    }

    private static void Draw(CalibrationMetrics metrics, string name, string path)
    {
        ReliabilityDiagram diagram = new ReliabilityDiagram().Add(name, metrics);
        if (IsSvg(path))
            diagram.SaveSvg(path);
        else
            diagram.SavePng(path);
    }

    private static bool IsSvg(string path) => path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
}
