using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Sequences;

namespace MLNetExt.Evaluation;

/// <summary>The pairs of a data view, row by row, cut to what models read; what cannot be compared is left out and counted.</summary>
internal sealed class PreferenceRows
{
    private const string EndRole = "eos";

    private readonly IDataView _data;
    private readonly SequenceColumn? _prompt;
    private readonly SequenceColumn _chosen;
    private readonly SequenceColumn _rejected;
    private readonly ITextCodec? _codec;
    private readonly int _vocabularySize;
    private readonly int _contextLength;
    private readonly LongSequencePolicy _policy;

    /// <param name="data">The data.</param>
    /// <param name="options">Which columns to read, and how.</param>
    /// <param name="codec">How the model reads text; null when that is not known.</param>
    /// <param name="tokenizer">The fingerprint of the tokenizer whose ids the model knows; null when it does not say.</param>
    /// <param name="vocabularySize">The ids that all models know.</param>
    /// <param name="contextLength">The longest sequence that all models read, at least 2.</param>
    /// <exception cref="ArgumentException">A column is missing or cannot be read, or there is no such end token.</exception>
    public PreferenceRows(IDataView data, PreferenceEvaluationOptions options, ITextCodec? codec, string? tokenizer, int vocabularySize, int contextLength)
    {
        (_data, _codec, _vocabularySize, _contextLength, _policy) = (data, codec, vocabularySize, contextLength, options.LongSequences);
        _prompt = options.PromptColumnName is { } prompt ? new SequenceColumn(data.Schema, prompt, "prompt", codec, tokenizer) : null;
        _chosen = new SequenceColumn(data.Schema, options.ChosenColumnName, "chosen", codec, tokenizer);
        _rejected = new SequenceColumn(data.Schema, options.RejectedColumnName, "rejected", codec, tokenizer);
        EndTokenId = options.AppendEnd ? options.EndTokenId ?? (codec is not null ? codec.EndId : NamedEnd()) : null;
        if (EndTokenId >= vocabularySize)
            throw new ArgumentOutOfRangeException(nameof(options), EndTokenId, $"EndTokenId must be one of the model's {vocabularySize} tokens.");
    }

    /// <summary>The token that ends completions; null for none.</summary>
    public int? EndTokenId { get; }

    public int Empty { get; private set; }

    public int Equal { get; private set; }

    public int CutAway { get; private set; }

    public int PromptsCut { get; private set; }

    public int CompletionsCut { get; private set; }

    /// <summary>Reads the pairs that can be compared, once.</summary>
    /// <param name="meter">Told of those that are left out.</param>
    /// <exception cref="ArgumentException">While reading: an id is outside the vocabulary, or a pair is too long and must not be cut; the message names the row.</exception>
    public IEnumerable<PreferenceRow> Read(ProgressMeter meter)
    {
        SequenceColumn[] columns = [_chosen, _rejected, .. _prompt is null ? [] : new[] { _prompt }];
        using DataViewRowCursor cursor = _data.GetRowCursor(columns.Select(column => column.Column));
        Func<int[]>? prompt = _prompt is null ? null : Ids(cursor, _prompt, isCompletion: false);
        Func<int[]> chosen = Ids(cursor, _chosen, isCompletion: _prompt is not null), rejected = Ids(cursor, _rejected, isCompletion: _prompt is not null);
        while (cursor.MoveNext())
        {
            var row = new PreferenceRow(cursor.Position, prompt?.Invoke() ?? [], chosen(), rejected());
            // Two equal sequences are no prompt with two empty completions.
            if (prompt is null && !row.IsEqual)
                row = Split(row);
            row = row with { Chosen = WithEnd(row.Chosen), Rejected = WithEnd(row.Rejected) };
            if (Comparable(row) is { } comparable)
                yield return comparable;
            else
                meter.LeaveOut();
        }
    }

    /// <summary>How messages name a row's completion.</summary>
    public string Describe(long row, bool isChosen) => (isChosen ? _chosen : _rejected).Describe(row);

    /// <summary>A pair whose prompt is what both sequences begin with.</summary>
    private static PreferenceRow Split(PreferenceRow row)
    {
        int length = row.Chosen.AsSpan().CommonPrefixLength(row.Rejected);
        return row with { Prompt = row.Chosen[..length], Chosen = row.Chosen[length..], Rejected = row.Rejected[length..] };
    }

    private int[] WithEnd(int[] completion) =>
        EndTokenId is { } end && completion.Length > 0 && completion[^1] != end ? [.. completion, end] : completion;

    /// <summary>The pair as models read it; null when it is left out.</summary>
    private PreferenceRow? Comparable(PreferenceRow row)
    {
        if (row.IsEmpty)
            Empty++;
        else if (row.IsEqual)
            Equal++;
        else
            return Fit(row);
        return null;
    }

    /// <summary>Cuts a pair to the context: the prompt's beginning first, the same for both completions; then the ends of the completions.</summary>
    /// <returns>Null when nothing then tells the completions apart.</returns>
    private PreferenceRow? Fit(PreferenceRow row)
    {
        int longest = Math.Max(row.Chosen.Length, row.Rejected.Length);
        if (row.Prompt.Length + longest <= _contextLength)
            return row;
        if (_policy == LongSequencePolicy.Refuse)
            throw new ArgumentException(
                $"The prompt of row {row.Row} (0-based) has {row.Prompt.Length} tokens and its longer completion {longest}, and the model reads {_contextLength} together: shorten them, or set LongSequences to Cut.");
        // A completion that is too long by itself still has a token of its prompt before it, if there is one.
        int kept = Math.Min(row.Prompt.Length, Math.Max(1, _contextLength - longest));
        int room = _contextLength - kept;
        var fitting = new PreferenceRow(row.Row, row.Prompt[^kept..], Cut(row.Chosen, room), Cut(row.Rejected, room));
        if (fitting.IsEqual)
        {
            CutAway++;
            return null;
        }
        PromptsCut += kept < row.Prompt.Length ? 1 : 0;
        CompletionsCut += longest > room ? 1 : 0;
        return fitting;
    }

    private static int[] Cut(int[] completion, int room) => completion.Length > room ? completion[..room] : completion;

    private Func<int[]> Ids(DataViewRowCursor cursor, SequenceColumn column, bool isCompletion)
    {
        Func<int[]> ids = column.IsText ? Encode(column.Text(cursor)) : column.Ids(cursor);
        return () =>
        {
            int[] values = ids();
            TokenColumns.RequireKnown(values, _vocabularySize, column.Describe(cursor.Position));
            return values;
        };

        Func<int[]> Encode(Func<string> text) => () => isCompletion ? _codec!.EncodeCompletion(text()) : _codec!.EncodePrompt(text());
    }

    private int? NamedEnd() => TokenAnnotations.Of(_chosen.Column)?.SpecialTokens.TryGetValue(EndRole, out int end) == true ? end : null;
}
