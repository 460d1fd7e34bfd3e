using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tokenization;

namespace MLNetExt.Masking;

/// <summary>Counts how often each id of a token column occurs.</summary>
internal static class TokenCounts
{
    private const int RowsBetweenChecks = 256;

    /// <returns>The count of each id of the vocabulary that the column names; otherwise up to the highest that occurs.</returns>
    /// <exception cref="InvalidDataException">An id is outside the vocabulary.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public static long[] Of(IDataView data, string columnName, ComponentHost host)
    {
        DataViewSchema.Column column = data.Schema[columnName];
        int? vocabularySize = TokenAnnotations.Of(column)?.VocabularySize;
        var counts = new long[vocabularySize ?? 1];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        var reader = new TokenReader(cursor, column, new TokenCheck(column.Name, vocabularySize ?? TokenIds.Limit, "Tokenize the text anew."), () => { });
        for (long row = 0; cursor.MoveNext(); row++)
        {
            if (row % RowsBetweenChecks == 0 && host.IsCanceled)
                throw new OperationCanceledException("The context was cancelled while tokens were counted.");
            foreach (int id in reader.Read())
            {
                if (id >= counts.Length)
                    Array.Resize(ref counts, Math.Max(id + 1, Math.Min(2 * counts.Length, TokenIds.Limit)));
                counts[id]++;
            }
        }
        return vocabularySize is null ? counts[..(Array.FindLastIndex(counts, count => count > 0) is >= 0 and int last ? last + 1 : 1)] : counts;
    }
}
