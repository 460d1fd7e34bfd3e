using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext audit memorization</c>.</summary>
internal sealed class AuditMemorizationCommand : Command
{
    private static readonly MemorizationOptions s_defaults = new();

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A language model: a model file, or a Hugging Face model directory." };
    private readonly Argument<string> _data = new("data") { Description = $"The documents that it was trained on. {TextOptions.DataDescription}" };
    private readonly TextOptions _text = new();
    private readonly Option<int> _prefix = CheckedOption.Integer("--prefix", "How many tokens of a document the model is given.", s_defaults.PrefixLength, atLeast: 1);
    private readonly Option<int> _suffix = CheckedOption.Integer("--suffix", "How many of those that follow it is asked for.", s_defaults.SuffixLength, atLeast: 1);
    private readonly Option<int> _beams = CheckedOption.Integer("--beams", "Asks once more by beam search with so many beams; 1 to leave that out.", s_defaults.Beams, atLeast: 1);
    private readonly Option<string?> _nonMembers = new("--non-members") { Description = "Documents of the same kind that it was not trained on, as a file like the data: measures whether the two can be told apart.", HelpName = "file" };
    private readonly Option<string?> _split = new("--split-column") { Description = "The column by which training told its parts: rows that say 'test' are the documents that the model was not trained on, rows that say 'valid' are left out, and all others are those that it was trained on.", HelpName = "column" };
    private readonly GoldfishSettings _goldfish = new("The mask that the model was trained with: tells how many continuations first go wrong on a token that was dropped. 0 for none.");
    private readonly Option<string[]> _against = new("--against") { Description = "Another model to ask the same; may be repeated.", HelpName = "model.zip|folder", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _report = new("--report") { Description = "Write a report with plots: report.md and SVG files.", HelpName = "folder" };
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON; shares are fractions." };

    public AuditMemorizationCommand(Terminal terminal)
        : base("memorization", "Measure how much of its training documents a language model recites when it is given their beginnings.")
    {
        _terminal = terminal;
        Add(_model);
        Add(_data);
        _text.AddTo(this);
        foreach (Option option in new Option[] { _prefix, _suffix, _beams, _split, _nonMembers })
            Add(option);
        _goldfish.AddTo(this);
        foreach (Option option in new Option[] { _against, _report, _json })
            Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(_split) is { Implicit: false } && result.GetResult(_nonMembers) is { Implicit: false })
                result.AddError("Use only one of --split-column and --non-members.");
        });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        TextSource members = _text.Read(parsed, parsed.GetRequiredValue(_data));
        string[] models = [parsed.GetRequiredValue(_model), .. parsed.GetRequiredValue(_against)];
        if (models.GroupBy(Path.GetFullPath).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UserErrorException($"--against: the model '{twice.First()}' is named twice.");
        if (models.FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
            throw new UserErrorException($"There is no model file '{missing}'.");
        string? folder = parsed.GetValue(_report);
        if (File.Exists(folder))
            throw new UserErrorException($"--report '{folder}' is a file: name a folder.");

        var documents = RowParts<string>.Read(
            members.Path,
            new TestPart(parsed.GetValue(_split), parsed.GetValue(_nonMembers), Fraction: 0),
            seed: 0,
            path => (members with { Path = path }).Read(parsed.GetValue(_split), _terminal.Cancellation));
        MLContext ml = Contexts.Create(_terminal);
        var audit = new MemorizationAudit(
            ml,
            _terminal,
            members.ColumnName,
            documents.Train,
            documents.Test,
            _goldfish.Read(parsed),
            new MemorizationOptions { PrefixLength = parsed.GetValue(_prefix), SuffixLength = parsed.GetValue(_suffix), Beams = parsed.GetValue(_beams) });
        var report = new MemorizationReport();
        var results = new List<object>();
        foreach ((string name, string path) in Names(models).Zip(models))
        {
            using var model = LanguageModelFile.Load(ml, path);
            MemorizationMetrics metrics = audit.Run(model);
            report.Add(name, metrics);
            results.Add(MemorizationAudit.ToJson(path, metrics));
        }

        if (folder is not null)
            report.Save(folder);
        if (parsed.GetValue(_json))
            _terminal.WriteJson(new { Models = results });
        else
            _terminal.Out.WriteLine(report);
        return ExitCode.Success;
    }

    /// <summary>File names where they tell the models apart, else paths.</summary>
    private static string[] Names(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path)))];
        return names.All(name => name.Length > 0) && names.Distinct().Count() == names.Length ? names : paths;
    }
}
