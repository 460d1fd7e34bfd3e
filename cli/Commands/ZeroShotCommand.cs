using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext zero-shot</c>.</summary>
internal sealed class ZeroShotCommand : Command
{
    private const string Label = "mlnetext.label";
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A model with two towers, whose right side reads text." };
    private readonly Argument<string> _data = new("data") { Description = "A CSV or TSV file with a header line, or JSON Lines; it needs the columns of the left side alone." };
    private readonly Option<string?> _labels = new("--labels") { Description = "The classes.", HelpName = "label,label..." };
    private readonly Option<string?> _labelsFile = new("--labels-file") { Description = "A file with a class a line.", HelpName = "file" };
    private readonly Option<string[]> _templates = new("--template") { Description = "A sentence with {0} where the label goes; may be repeated. Without it the label stands alone.", HelpName = "text", DefaultValueFactory = _ => ["{0}"] };
    private readonly Option<string?> _imageFolder = ImageFolderOption.Create();
    private readonly Option<string?> _label = new("--label") { Description = "The column with the true classes, to measure by.", HelpName = "column" };
    private readonly Option<string?> _split = new("--split-column") { Description = "A column that says 'test' for the rows to classify.", HelpName = "column" };
    private readonly PredictionOptions _predictions = new();
    private readonly Option<bool> _json = new("--json") { Description = "Write the measures as JSON; accuracy and ece are fractions." };

    public ZeroShotCommand(Terminal terminal)
        : base("zero-shot", "Classify the rows of a file by classes that are described in words, without training.")
    {
        _terminal = terminal;
        Add(_model);
        Add(_data);
        foreach (Option option in new Option[] { _labels, _labelsFile, _templates, _imageFolder, _label, _split })
            Add(option);
        _predictions.AddTo(this);
        Add(_json);
        Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_labels) == Has(_labelsFile))
                result.AddError("Use one of --labels and --labels-file.");
            if (Has(_json) && !Has(_label))
                result.AddError("--json writes measures: name the column with the true classes with --label.");
        });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        PredictionFile predictions = _predictions.Open(parsed, _terminal);
        string[] labels = Labels(parsed);
        MLContext ml = Contexts.Create(_terminal);
        using TwoTowerModel model = TwoTowerModel.Load(ml, parsed.GetRequiredValue(_model));
        if (!model.Right.ReadsText)
            throw new UserErrorException("The right side of the model does not read text: classes in words need a model that was trained with text on the right.");

        string path = parsed.GetRequiredValue(_data);
        TableFile file = TableFile.Open(path);
        var copied = _predictions.Copied(parsed, file);
        List<(string Name, string Source)> texts = [.. copied];
        foreach ((Option<string?> option, string name) in new[] { (_label, Label), (_split, SplitColumn.Name) })
        {
            if (parsed.GetValue(option) is not { } column)
                continue;
            file.IndexOf(column, option.Name);
            texts.Add((name, column));
        }

        IDataView rows = model.Left.Load(ml, file, ImagePaths.Folder(parsed.GetValue(_imageFolder), path), texts);
        if (parsed.GetValue(_split) is not null)
            rows = SplitColumn.Part(ml, rows, SplitColumn.IsTest);
        using ZeroShotTransformer classifier = ml.Contrastive.ZeroShotClassifier(model.Towers, labels, parsed.GetRequiredValue(_templates), Label).Fit(rows);
        var scored = new ScoredRows(classifier, rows);
        bool measures = parsed.GetValue(_label) is not null;
        if (!measures || _predictions.HasFile(parsed))
            predictions.Write(scored, [.. copied.Select(c => c.Source)], _predictions.AllProbabilities(parsed));
        if (measures)
            Report(parsed, ClassificationReport.Measure(scored, Label, _terminal.Cancellation));
        return ExitCode.Success;
    }

    private void Report(ParseResult parsed, ClassificationReport report)
    {
        if (parsed.GetValue(_json))
            _terminal.WriteJson(report.ToJson());
        else
            report.Show(_terminal);
    }

    private string[] Labels(ParseResult parsed)
    {
        if (parsed.GetValue(_labelsFile) is not { } path)
            return parsed.GetValue(_labels)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return File.Exists(path)
            ? [.. File.ReadLines(path).Select(l => l.Trim()).Where(l => l.Length > 0)]
            : throw new UserErrorException($"--labels-file '{path}': there is no such file.");
    }
}
