using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext compare</c>.</summary>
internal sealed class CompareCommand : Command
{
    private static readonly TextStatisticsOptions s_defaults = new();

    /// <summary>What n-grams are made of, as typed.</summary>
    private static readonly Dictionary<string, TextUnit> s_units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["word"] = TextUnit.Word,
        ["character"] = TextUnit.Character,
    };

    private readonly Terminal _terminal;
    private readonly Argument<string> _a = new("model-a") { Description = "A language model: a model file, or a Hugging Face model directory." };
    private readonly Argument<string> _b = new("model-b") { Description = "The model to compare it with." };
    private readonly Argument<string> _prompts = new("prompts") { Description = "A file of plain text (.txt) with a prompt a line; or a CSV or TSV file with a header line, or JSON Lines (.jsonl), with a prompt a row." };
    private readonly Option<string> _reward = new("--reward") { Description = "What says which continuation is better: a model file with a Score, 'repetition' for the one that repeats itself less, or 'length' for the longer one.", Required = true, HelpName = "model.zip|repetition|length" };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "The column of a table that holds the prompts; 'prompt' without it.", HelpName = "column" };
    private readonly Option<string?> _chosen = new("--chosen") { Description = "A column of completions that are preferred: asks the models for their preference accuracy too, and measures continuations against them.", HelpName = "column" };
    private readonly Option<string?> _rejected = new("--rejected") { Description = "The column of those that are not.", HelpName = "column" };
    private readonly Option<bool> _noEnd = new("--no-end") { Description = "Chosen and rejected completions are cut off in the midst: no end token stands behind them." };
    private readonly Option<string?> _split = new("--split-column") { Description = "A column that says 'test' for the rows to compare on.", HelpName = "column" };
    private readonly Option<TextUnit> _unit = CheckedOption.Choice("--unit", "What repetition is counted in.", s_defaults.Unit, s_units);
    private readonly Option<int> _repetitionLength = CheckedOption.Integer("--repetition-length", "How many units are a repetition when they occur once more.", s_defaults.RepetitionLength, atLeast: 1);
    private readonly GenerationSettings _generation = new();
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON; shares are fractions." };

    public CompareCommand(Terminal terminal)
        : base("compare", "Let two language models continue the same prompts, and a reward say whose continuations are better.")
    {
        _terminal = terminal;
        foreach (Argument argument in new[] { _a, _b, _prompts })
            Add(argument);
        foreach (Option option in new Option[] { _reward, _prompt, _chosen, _rejected, _noEnd, _split, _unit, _repetitionLength })
            Add(option);
        _generation.AddTo(this);
        Add(_json);
        Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_chosen) != Has(_rejected))
                result.AddError("Use --chosen and --rejected together.");
            if (Has(_noEnd) && !Has(_chosen))
                result.AddError("--no-end needs --chosen and --rejected.");
        });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        MLContext ml = Contexts.Create(_terminal);
        var text = new TextStatisticsOptions { Unit = parsed.GetValue(_unit), RepetitionLength = parsed.GetValue(_repetitionLength) };
        var options = new PreferenceComparisonOptions { Generation = _generation.Read(parsed), Text = text, CancellationToken = _terminal.Cancellation };
        (IDataView prompts, PreferenceTest? pairs) = Open(parsed, ml, options);
        using LanguageModelFile a = Load(parsed, ml, _a), b = Load(parsed, ml, _b);
        using var reward = RewardSource.Of(ml, parsed.GetRequiredValue(_reward), text);
        PreferenceComparison comparison = EvaluationDisplay.Run(_terminal, progress =>
        {
            options.Progress = progress;
            return ml.Preference.Compare(a.Model, b.Model, prompts, new RewardJudge(reward.Reward), options);
        });
        PreferenceMetrics? OfPairs(LanguageModelFile file) =>
            pairs is null ? null : EvaluationDisplay.Run(_terminal, progress => pairs.OfPairs(file.Model, reference: null, progress, _terminal.Cancellation));
        PreferenceMetrics? pairsOfA = OfPairs(a), pairsOfB = OfPairs(b);

        if (parsed.GetValue(_json))
        {
            _terminal.WriteJson(new
            {
                WinRate = ToJson(comparison),
                A = ToJson(a.Path, comparison.TextsOfA, comparison.UnfinishedA, pairsOfA),
                B = ToJson(b.Path, comparison.TextsOfB, comparison.UnfinishedB, pairsOfB),
            });
            return ExitCode.Success;
        }

        _terminal.Out.WriteLine(comparison);
        if (pairsOfA is not null && pairsOfB is not null)
            _terminal.Out.WriteLine($"{Environment.NewLine}{new PreferenceReport().Add("A", pairsOfA).Add("B", pairsOfB)}");
        return ExitCode.Success;
    }

    /// <summary>Opens the prompts, and names their columns in the options.</summary>
    private (IDataView Prompts, PreferenceTest? Pairs) Open(ParseResult parsed, MLContext ml, PreferenceComparisonOptions options)
    {
        string path = parsed.GetRequiredValue(_prompts);
        string? split = parsed.GetValue(_split);
        string prompt = parsed.GetValue(_prompt) ?? PreferenceSource.PromptColumn;
        if (parsed.GetValue(_chosen) is { } chosen)
        {
            if (parsed.GetValue(_prompt) is null && TextOptions.IsPlain(path) && !TextColumns.Names(path).Contains(prompt))
                throw new UserErrorException($"--chosen and --rejected: '{path}' is plain text and has no columns: leave them out, or give a table.");
            var pairs = new PreferenceSource(path, prompt, chosen, parsed.GetValue(_rejected), Label: null);
            IReadOnlyList<PreferenceRecord> rows = Rows(split, pairs.Read(split, _terminal.Cancellation));
            (options.PromptColumnName, options.ReferenceColumnName) = (prompt, chosen);
            return (pairs.View(ml, rows), new PreferenceTest(ml, pairs, rows, addsEnd: !parsed.GetValue(_noEnd)));
        }

        bool isPlain = parsed.GetValue(_prompt) is null && TextOptions.IsPlain(path);
        var texts = new TextSource(path, isPlain ? null : prompt, DocumentSplit.Lines, _prompt.Name);
        options.PromptColumnName = texts.ColumnName;
        return (DocumentView.Create(ml, Rows(split, texts.Read(split, _terminal.Cancellation)), texts.ColumnName), null);
    }

    private static IReadOnlyList<T> Rows<T>(string? split, IReadOnlyList<(T Row, string? Part)> all) =>
        split is null ? [.. all.Select(r => r.Row)] : SplitColumn.TestRows(split, all);

    private static LanguageModelFile Load(ParseResult parsed, MLContext ml, Argument<string> model)
    {
        var file = LanguageModelFile.Load(ml, parsed.GetRequiredValue(model));
        file.RequireTokenizer();
        return file;
    }

    private static object ToJson(PreferenceComparison comparison) => new
    {
        comparison.WinRate.Value,
        comparison.WinRate.StandardError,
        comparison.WinRate.Interval.Low,
        comparison.WinRate.Interval.High,
        comparison.WinRate.Wins,
        comparison.WinRate.Ties,
        comparison.WinRate.Losses,
        comparison.WinRate.Identical,
        comparison.WinRate.Consistency,
        Prompts = comparison.Prompts.Count,
        comparison.EmptyPrompts,
        comparison.PromptsCut,
    };

    private static object ToJson(string model, TextStatistics texts, int unfinished, PreferenceMetrics? pairs) => new
    {
        Model = model,
        Repetition = texts.Repetition.Mean,
        texts.RepeatingShare,
        texts.Distinct,
        UnigramF1 = texts.UnigramF1?.Mean,
        Words = texts.Words.Mean,
        Characters = texts.Characters.Mean,
        texts.EmptyTexts,
        Unfinished = unfinished,
        Pairs = pairs is null ? null : PreferenceTest.ToJson(pairs),
    };
}
