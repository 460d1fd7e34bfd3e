using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Models;

/// <summary>How many tokens there are to learn.</summary>
/// <param name="Documents">The documents.</param>
/// <param name="Targets">Their tokens, without the first of each, which nothing predicts.</param>
/// <param name="Kept">Those that a mask keeps.</param>
/// <param name="ShortDocuments">The documents of which a mask drops nothing, because they are no longer than its window.</param>
internal sealed record TokenStatistics(long Documents, long Targets, long Kept, long ShortDocuments)
{
    /// <summary>Counts, in one pass.</summary>
    /// <param name="rows">Documents.</param>
    /// <param name="tokensColumn">Their tokens.</param>
    /// <param name="maskColumn">Their mask; null for none.</param>
    /// <param name="window">The tokens of the mask's window; null for none.</param>
    /// <param name="cancellation">Stops between documents.</param>
    public static TokenStatistics Count(IDataView rows, string tokensColumn, string? maskColumn, int? window, CancellationToken cancellation)
    {
        DataViewSchema.Column tokens = rows.Schema[tokensColumn];
        DataViewSchema.Column? mask = maskColumn is null ? null : rows.Schema[maskColumn];
        using DataViewRowCursor cursor = rows.GetRowCursor(mask is { } column ? [tokens, column] : [tokens]);
        ValueGetter<VBuffer<int>> getTokens = cursor.GetGetter<VBuffer<int>>(tokens);
        ValueGetter<VBuffer<float>>? getMask = mask is { } m ? cursor.GetGetter<VBuffer<float>>(m) : null;
        VBuffer<int> ids = default;
        VBuffer<float> keep = default;
        long documents = 0, targets = 0, kept = 0, shortDocuments = 0;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getTokens(ref ids);
            documents++;
            shortDocuments += ids.Length <= window ? 1 : 0;
            targets += Math.Max(0, ids.Length - 1);
            getMask?.Invoke(ref keep);
            kept += getMask is null ? Math.Max(0, ids.Length - 1) : keep.DenseValues().Skip(1).Count(weight => weight > 0);
        }

        return new TokenStatistics(documents, targets, kept, shortDocuments);
    }
}
