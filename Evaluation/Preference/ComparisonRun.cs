using Microsoft.ML;
using MLNetExt.Columns;

namespace MLNetExt.Evaluation;

/// <summary>Lets two models continue the prompts of a data view, and a judge compare what they made.</summary>
internal sealed class ComparisonRun
{
    private readonly ComparedModel _a;
    private readonly ComparedModel _b;
    private readonly IPreferenceJudge _judge;
    private readonly PreferenceComparisonOptions _options;
    private readonly SequenceColumn _prompt;
    private readonly SequenceColumn? _reference;
    private int _emptyPrompts;
    private int _promptsCut;

    public ComparisonRun(ComparedModel a, ComparedModel b, IDataView prompts, IPreferenceJudge judge, PreferenceComparisonOptions options)
    {
        (_a, _b, _judge, _options) = (a, b, judge, options);
        _prompt = new SequenceColumn(prompts.Schema, options.PromptColumnName, "prompt", a.Codec, a.Tokenizer);
        if (!_prompt.IsText && b.Tokenizer is not null)
            TokenAnnotations.RequireSame(_prompt.Column, b.Tokenizer);
        _reference = options.ReferenceColumnName is { } reference ? SequenceColumn.OfText(prompts.Schema, reference, "reference") : null;
    }

    public PreferenceComparison Run(IDataView prompts)
    {
        var compared = new List<PromptComparison>();
        var references = new List<string>();
        var meter = new ProgressMeter(_options.Progress, EvaluationStage.Comparison, prompts.GetRowCount());
        long tokens = 0;
        foreach (Prompt[] batch in Read(prompts, meter).Chunk(_options.BatchSize))
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            compared.AddRange(Compare(batch));
            if (_reference is not null)
                references.AddRange(batch.Select(prompt => prompt.Reference!));
            meter.Add(batch.Length, _a.Tokens + _b.Tokens - tokens);
            tokens = _a.Tokens + _b.Tokens;
        }
        // Prompts may have been left out since the last batch.
        meter.Add(0, 0);
        if (compared.Count == 0)
            throw new InvalidOperationException($"There is no prompt to continue in column '{_prompt.Column.Name}': {_emptyPrompts} are empty.");
        return new PreferenceComparison
        {
            WinRate = Rate(compared),
            TextsOfA = TextStatistics.Of([.. compared.Select(prompt => prompt.A)], _reference is null ? null : references, _options.Text),
            TextsOfB = TextStatistics.Of([.. compared.Select(prompt => prompt.B)], _reference is null ? null : references, _options.Text),
            UnfinishedA = _a.Unfinished,
            UnfinishedB = _b.Unfinished,
            Prompts = compared,
            EmptyPrompts = _emptyPrompts,
            PromptsCut = _promptsCut,
        };
    }

    private WinRate Rate(List<PromptComparison> compared)
    {
        BothOrders[] verdicts = [.. compared.Select(prompt => prompt.Verdicts).OfType<BothOrders>()];
        int identical = compared.Count - verdicts.Length;
        if (verdicts.Length > 0 && verdicts.All(both => both.ScoreOfA is null))
            throw new InvalidOperationException($"The judge's verdicts on {verdicts.Length} prompts could not be read, on none in both orders: ask it for answers that can.");
        return WinRate.Of(verdicts, identical, _options.Confidence, _options.Resamples, _options.Seed);
    }

    private IEnumerable<Prompt> Read(IDataView prompts, ProgressMeter meter)
    {
        using DataViewRowCursor cursor = prompts.GetRowCursor([_prompt.Column, .. _reference is null ? [] : new[] { _reference.Column }]);
        Func<string>? text = _prompt.IsText ? _prompt.Text(cursor) : null;
        Func<int[]>? ids = _prompt.IsText ? null : _prompt.Ids(cursor);
        Func<string>? reference = _reference?.Text(cursor);
        while (cursor.MoveNext())
        {
            string owner = _prompt.Describe(cursor.Position);
            int[]? given = ids?.Invoke();
            string shown = text?.Invoke() ?? "";
            int[] a = given ?? _a.Codec.EncodePrompt(shown), b = given ?? _b.Codec.EncodePrompt(shown);
            if (a.Length == 0 || b.Length == 0)
            {
                _emptyPrompts++;
                meter.LeaveOut();
                continue;
            }
            _promptsCut += _a.Cuts(a, owner) | _b.Cuts(b, owner) ? 1 : 0;
            yield return new Prompt(cursor.Position, a, b, given is null ? shown : _a.Codec.Decode(given), reference?.Invoke());
        }
    }

    private IEnumerable<PromptComparison> Compare(Prompt[] batch)
    {
        string[] a = _a.Continue(batch.Select(prompt => prompt.A)), b = _b.Continue(batch.Select(prompt => prompt.B));
        int[] asked = [.. Enumerable.Range(0, batch.Length).Where(i => a[i] != b[i])];
        IReadOnlyList<PreferenceVerdict> verdicts = asked.Length == 0 ? [] : _judge.JudgeAll(
            [.. asked.Select(i => Question(i, a, b)), .. asked.Select(i => Question(i, b, a))], _options.CancellationToken);
        var both = new BothOrders?[batch.Length];
        for (int k = 0; k < asked.Length; k++)
            both[asked[k]] = new BothOrders(verdicts[k], verdicts[asked.Length + k]);
        return batch.Select((prompt, i) => new PromptComparison(prompt.Row, prompt.Text, a[i], b[i], both[i]));

        PreferenceQuestion Question(int i, string[] first, string[] second) => new(batch[i].Row, batch[i].Text, first[i], second[i]);
    }

    /// <summary>A prompt as the models and the judge read it.</summary>
    private sealed record Prompt(long Row, int[] A, int[] B, string Text, string? Reference);
}
