using Microsoft.ML;
using MLNetExt.Components;

namespace MLNetExt.Tokenization;

/// <summary>Reads the texts to learn from, and stops when learning is cancelled.</summary>
internal sealed class TextRows(ComponentHost host, CancellationToken cancellation)
{
    private const int RowsBetweenChecks = 256;

    /// <exception cref="OperationCanceledException">Learning was cancelled.</exception>
    public IEnumerable<string> Read(IDataView input, string columnName)
    {
        DataViewSchema.Column column = input.Schema[columnName];
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        for (long row = 0; cursor.MoveNext(); row++)
        {
            if (row % RowsBetweenChecks == 0)
                ThrowIfCancelled();
            getter(ref value);
            yield return value.ToString();
        }
    }

    /// <exception cref="OperationCanceledException">Learning was cancelled.</exception>
    public void ThrowIfCancelled()
    {
        cancellation.ThrowIfCancellationRequested();
        if (host.IsCanceled)
            throw new OperationCanceledException("Learning a vocabulary was cancelled by the MLContext.");
    }
}
