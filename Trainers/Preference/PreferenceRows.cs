using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.Preference;

/// <summary>Looks at every row of sequences once: leaves out those from which nothing can be learned, and counts them by reason.</summary>
/// <param name="columns">The columns of the data, which messages name.</param>
/// <param name="host">Ends the pass when it is canceled.</param>
internal sealed class PreferenceRows(PreferenceColumns columns, ComponentHost host) : IFitRows
{
    private const int ColumnsOfSide = 4, TokensAt = 0, PromptLengthAt = 1, IsCutAt = 2;

    /// <summary>Rows with a completion of no tokens.</summary>
    public long Empty { get; private set; }

    /// <summary>Pairs whose completions are equal.</summary>
    public long Equal { get; private set; }

    /// <summary>Rows of which the cut left nothing of a completion, or nothing that tells the two apart.</summary>
    public long CutAway { get; private set; }

    /// <summary>Rows with a completion that has lost tokens, and that are trained on.</summary>
    public long Cut { get; private set; }

    /// <summary>Whether a kept row has a desired completion.</summary>
    public bool HasDesired { get; private set; }

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <summary>What to read of each row, in the order in which this visitor reads it; a label follows.</summary>
    public static IReadOnlyList<BatchColumn> ToRead(PreferenceColumns columns)
    {
        IEnumerable<BatchColumn> sides = columns.Completions.Select(PreferenceSide.Of).SelectMany(side => new[]
        {
            BatchColumn.Tokens(side.Tokens), BatchColumn.Scalar(side.PromptLength), BatchColumn.Scalar(side.IsCut), BatchColumn.Scalar(side.Reference),
        });
        return columns.Label is { } label ? [.. sides, BatchColumn.Scalar(label)] : [.. sides];
    }

    /// <exception cref="InvalidDataException">A label is neither true nor false.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");
        int sides = columns.Completions.Count;
        bool isCut = false, isEmpty = false;
        for (int side = 0; side < sides; side++)
        {
            isCut |= row.Scalar(Column(side, IsCutAt)) > 0;
            isEmpty |= Completion(row, side).IsEmpty;
        }

        if (columns.Label is { } label && row.Scalar(sides * ColumnsOfSide) is not (0 or 1))
            throw new InvalidDataException($"Column '{label}' is {row.Scalar(sides * ColumnsOfSide)} in row {row.Row}: it must be true (1) for a desired completion, or false (0).");
        bool isEqual = sides == 2 && Completion(row, 0).SequenceEqual(Completion(row, 1));
        if (isEmpty || isEqual)
        {
            Count(isCut, isEmpty);
            return false;
        }

        Cut += isCut ? 1 : 0;
        HasDesired |= columns.Label is null || row.Scalar(sides * ColumnsOfSide) == 1;
        Digest.Add(row.Row);
        for (int side = 0; side < sides; side++)
        {
            Digest.Add(row.Tokens(Column(side, TokensAt)));
            Digest.Add((long)row.Scalar(Column(side, PromptLengthAt)));
        }

        if (columns.Label is not null)
            Digest.Add((long)row.Scalar(sides * ColumnsOfSide));
        return true;
    }

    public void Report(string part)
    {
        Warn(Empty, $"rows of the {part} data have an empty completion and are left out");
        Warn(Equal, $"rows of the {part} data have the same completion as chosen and as rejected, from which nothing can be learned, and are left out");
        Warn(CutAway, $"rows of the {part} data have lost a completion, or what tells the two apart, to the limit of length and are left out: shorten the prompts (MaxPromptLength), or raise MaxLength if the model reads more");
        Warn(Cut, $"rows of the {part} data have a completion that is cut to the limit of length");
    }

    private static int Column(int side, int place) => side * ColumnsOfSide + place;

    private static ReadOnlySpan<int> Completion(RowReader row, int side)
    {
        ReadOnlySpan<int> tokens = row.Tokens(Column(side, TokensAt));
        return tokens[Math.Min(tokens.Length, Math.Max(1, (int)row.Scalar(Column(side, PromptLengthAt))))..];
    }

    private void Count(bool isCut, bool isEmpty)
    {
        if (isCut)
            CutAway++;
        else if (isEmpty)
            Empty++;
        else
            Equal++;
    }

    private void Warn(long count, string what)
    {
        if (count > 0)
            host.Warn($"{count} {what}.");
    }
}
