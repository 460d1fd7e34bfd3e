using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Training;

namespace MLNetExt.Contrastive;

/// <summary>A column that training reads: tells of each row whether a tower can use it, and takes in those that it can.</summary>
/// <param name="index">Its place among the columns that are read.</param>
/// <param name="column">The column.</param>
internal sealed class CheckedColumn(int index, BoundColumn column)
{
    /// <summary>The data's name of it, for messages.</summary>
    public string Name { get; init; } = column.Name;

    /// <summary>What made the tokens; null for other columns.</summary>
    public TokenColumnInfo? Tokenizer { get; init; }

    /// <summary>Whether a vector of zeros is of no use.</summary>
    public bool MustPointSomewhere { get; init; }

    /// <summary>Whether the vectors are a locked tower's embeddings.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Gathers what vectors are like; null for other columns.</summary>
    public FeatureStatistics? Statistics { get; init; }

    /// <summary>Why a row is of no use; null when it is of some.</summary>
    /// <exception cref="InvalidDataException">A value is not finite, or a token is not in the vocabulary.</exception>
    public string? WhyUnusable(RowReader row) => column.Definition.Kind switch
    {
        ColumnKind.Image => row.IsMissing(index) ? row.ImageError(index) is { } error ? $"has an image that cannot be read ({error})" : "has no image" : null,
        ColumnKind.Tokens => WhyUnusable(row.Tokens(index), Tokenizer!, row.Row),
        ColumnKind.Text => EmptyRows.IsEmpty(row.Text(index).Span) ? "is empty" : null,
        ColumnKind.Vector => WhyUnusable(in row.Vector(index), row.Row),
        _ => null,
    };

    /// <summary>Takes a row in.</summary>
    /// <param name="row">The row.</param>
    /// <param name="digest">Gets what the row holds.</param>
    /// <param name="isForTraining">Whether the row enters the statistics.</param>
    public void Take(RowReader row, RowDigest digest, bool isForTraining)
    {
        switch (column.Definition.Kind)
        {
            case ColumnKind.Vector:
                ref readonly VBuffer<float> vector = ref row.Vector(index);
                digest.Add(vector.GetValues());
                if (!vector.IsDense)
                    digest.Add(vector.GetIndices());
                if (isForTraining)
                    Statistics!.Add(in vector);
                break;
            case ColumnKind.Image:
                digest.Add(row.Image(index));
                break;
            case ColumnKind.Tokens:
                digest.Add(row.Tokens(index));
                break;
            case ColumnKind.Text:
                digest.Add(row.Text(index).Span);
                break;
            default:
                digest.Add(row.Key(index));
                break;
        }
    }

    private string? WhyUnusable(ReadOnlySpan<int> tokens, TokenColumnInfo tokenizer, long row)
    {
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)tokenizer.VocabularySize)
                throw new InvalidDataException(
                    $"Column '{Name}' has the token id {id} in row {row}, but its tokenizer has {tokenizer.VocabularySize} tokens, 0 to {tokenizer.VocabularySize - 1}: take the ids from the tokenizer that the column names.");
        }

        return EmptyRows.IsEmpty(tokens, tokenizer) ? "has no tokens" : null;
    }

    private string? WhyUnusable(in VBuffer<float> vector, long row)
    {
        int bad = FeatureStatistics.FirstNonFinite(in vector);
        if (IsLocked)
            return bad >= 0 ? "gives its locked tower nothing to embed (no image, no text, or a value that is not finite)" : null;
        if (bad >= 0 && !MustPointSomewhere)
            throw new InvalidDataException(
                $"Column '{Name}' has a value that is not a finite number in row {row}, slot {bad}: replace it (mlContext.Transforms.ReplaceMissingValues) or drop the row (mlContext.Data.FilterRowsByMissingValues).");
        return bad >= 0 ? $"has a value that is not a finite number (slot {bad})"
            : MustPointSomewhere && vector.GetValues().IndexOfAnyExcept(0) < 0 ? "is a vector of zeros, which has no direction"
            : null;
    }
}
