using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Models;

/// <summary>A vector of each row of a view, and texts beside it.</summary>
/// <param name="rows">The view.</param>
/// <param name="vector">A vector of Single of known length.</param>
internal sealed class VectorRows(IDataView rows, string vector)
{
    /// <summary>The length of the vectors.</summary>
    public int Width { get; } = ((VectorDataViewType)rows.Schema[vector].Type).Size;

    /// <summary>Visits every row once, in order.</summary>
    /// <param name="textColumns">Text columns to read beside the vector.</param>
    /// <param name="visit">Told those columns' values and the vector; both are valid during the call.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public void ForEach(IReadOnlyList<string> textColumns, RowVisitor visit, CancellationToken cancellation)
    {
        DataViewSchema.Column column = rows.Schema[vector];
        // The first of a name is the file's: a model may give another of that name, which hides it.
        DataViewSchema.Column[] texts = [.. textColumns.Select(name => rows.Schema.First(c => c.Name == name))];
        using DataViewRowCursor cursor = rows.GetRowCursor([column, .. texts]);
        ValueGetter<VBuffer<float>> getVector = cursor.GetGetter<VBuffer<float>>(column);
        ValueGetter<ReadOnlyMemory<char>>[] getTexts = [.. texts.Select(cursor.GetGetter<ReadOnlyMemory<char>>)];
        VBuffer<float> buffer = default;
        var values = new ReadOnlyMemory<char>[texts.Length];
        float[] dense = new float[Width];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getVector(ref buffer);
            buffer.CopyTo(dense);
            for (int i = 0; i < getTexts.Length; i++)
                getTexts[i](ref values[i]);
            visit(values, dense);
        }
    }

    /// <summary>What is done with a row.</summary>
    public delegate void RowVisitor(ReadOnlySpan<ReadOnlyMemory<char>> texts, ReadOnlySpan<float> vector);
}
