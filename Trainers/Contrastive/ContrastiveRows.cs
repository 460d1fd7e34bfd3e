using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Contrastive;

/// <summary>Looks at every pair once: checks both sides, gathers the statistics of vectors, and leaves out or refuses rows that have nothing on one side.</summary>
internal sealed class ContrastiveRows : IRowVisitor
{
    private const int NamedReasons = 3;
    private readonly ComponentHost _host;
    private readonly UnusableRowPolicy _policy;
    private readonly RowSplit? _split;
    private readonly IReadOnlyList<BoundColumn> _columns;
    private readonly HashSet<string> _mustPointSomewhere;
    private readonly HashSet<string> _locked;
    private readonly Dictionary<string, string> _names;
    private readonly Dictionary<string, TokenColumnInfo> _tokenizers;
    private readonly List<string> _reasons = [];

    /// <param name="pairs">The sides.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="policy">What to do with rows that have nothing on one side.</param>
    /// <param name="split">Tells which rows are for validation: they do not enter the statistics.</param>
    /// <param name="host">Ends the pass when it is canceled.</param>
    public ContrastiveRows(ContrastivePairs pairs, IReadOnlyList<BoundColumn> columns, UnusableRowPolicy policy, RowSplit? split, ComponentHost host)
    {
        _host = host;
        _policy = policy;
        _split = split;
        _columns = columns;
        TrainingSide[] sides = [pairs.Left, pairs.Right];
        _mustPointSomewhere = [.. sides.Where(s => s.Shape.Kind == TowerKind.Identity).Select(s => s.Column.Name)];
        _locked = [.. sides.Where(s => s.Options.IsLocked).Select(s => s.Column.Name)];
        _names = sides.ToDictionary(s => s.Column.Name, s => s.Shape.Column);
        _tokenizers = sides.Where(s => s.Shape.Tokens is not null).ToDictionary(s => s.Source.Name, s => s.Shape.Tokens!);
        Statistics = [.. columns.Select(c => c.Definition.Kind == ColumnKind.Vector ? new FeatureStatistics(c.Width) : null)];
    }

    /// <summary>Of each column that is a vector, over the training rows.</summary>
    public IReadOnlyList<FeatureStatistics?> Statistics { get; }

    /// <summary>How many rows were left out.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Why the first rows were left out.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <exception cref="InvalidDataException">A value is not finite, a token is not in the vocabulary, or one side has nothing and the policy is to fail.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (_host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");

        for (int c = 0; c < _columns.Count; c++)
        {
            if (WhyUnusable(row, c) is not { } reason)
                continue;
            string name = _names.GetValueOrDefault(_columns[c].Name, _columns[c].Name);
            if (_policy == UnusableRowPolicy.Fail)
                throw new InvalidDataException($"Column '{name}' {reason} in row {row.Row}: mend or drop the row, or set UnusableRows to Skip.");
            LeftOut++;
            if (_reasons.Count < NamedReasons)
                _reasons.Add($"row {row.Row}: column '{name}' {reason}");
            return false;
        }

        Digest.Add(row.Row);
        bool isForTraining = _split?.HoldsOut(row.Row) != true;
        for (int c = 0; c < _columns.Count; c++)
            Take(row, c, isForTraining);
        return true;
    }

    private string? WhyUnusable(RowReader row, int column) => _columns[column].Definition.Kind switch
    {
        ColumnKind.Image => row.IsMissing(column) ? row.ImageError(column) is { } error ? $"has an image that cannot be read ({error})" : "has no image" : null,
        ColumnKind.Tokens => WhyUnusable(row.Tokens(column), _columns[column].Name, row.Row),
        ColumnKind.Text => EmptyRows.IsEmpty(row.Text(column).Span) ? "is empty" : null,
        ColumnKind.Vector => _locked.Contains(_columns[column].Name)
            ? FeatureStatistics.FirstNonFinite(in row.Vector(column)) >= 0 ? "gives its locked tower nothing to embed (no image, no text, or a value that is not finite)" : null
            : WhyUnusable(in row.Vector(column), _columns[column].Name, row.Row),
        _ => null,
    };

    private string? WhyUnusable(ReadOnlySpan<int> tokens, string column, long row)
    {
        TokenColumnInfo tokenizer = _tokenizers[column];
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)tokenizer.VocabularySize)
                throw new InvalidDataException(
                    $"Column '{column}' has the token id {id} in row {row}, but its tokenizer has {tokenizer.VocabularySize} tokens, 0 to {tokenizer.VocabularySize - 1}: take the ids from the tokenizer that the column names.");
        }

        return EmptyRows.IsEmpty(tokens, tokenizer) ? "has no tokens" : null;
    }

    private string? WhyUnusable(in VBuffer<float> vector, string column, long row)
    {
        bool mustPointSomewhere = _mustPointSomewhere.Contains(column);
        int bad = FeatureStatistics.FirstNonFinite(in vector);
        if (bad >= 0 && !mustPointSomewhere)
            throw new InvalidDataException(
                $"Column '{column}' has a value that is not a finite number in row {row}, slot {bad}: replace it (mlContext.Transforms.ReplaceMissingValues) or drop the row (mlContext.Data.FilterRowsByMissingValues).");
        return bad >= 0 ? $"has a value that is not a finite number (slot {bad})"
            : mustPointSomewhere && vector.GetValues().IndexOfAnyExcept(0) < 0 ? "is a vector of zeros, which has no direction"
            : null;
    }

    private void Take(RowReader row, int column, bool isForTraining)
    {
        switch (_columns[column].Definition.Kind)
        {
            case ColumnKind.Vector:
                ref readonly VBuffer<float> vector = ref row.Vector(column);
                Digest.Add(vector.GetValues());
                if (!vector.IsDense)
                    Digest.Add(vector.GetIndices());
                if (isForTraining)
                    Statistics[column]!.Add(in vector);
                break;
            case ColumnKind.Image:
                Digest.Add(row.Image(column));
                break;
            case ColumnKind.Tokens:
                Digest.Add(row.Tokens(column));
                break;
            case ColumnKind.Text:
                Digest.Add(row.Text(column).Span);
                break;
            default:
                Digest.Add(row.Key(column));
                break;
        }
    }
}
