using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>The columns of the current row. One reader serves all rows: what it shows changes with each.</summary>
/// <remarks>Columns are numbered in the order in which they were asked for.</remarks>
public sealed class RowReader
{
    internal RowReader(IReadOnlyList<BoundColumn> columns)
    {
        Columns = columns;
        Cells = [.. columns.Select(column => column.CreateCell())];
    }

    /// <summary>The columns read.</summary>
    public IReadOnlyList<BoundColumn> Columns { get; }

    /// <summary>The row's number in the data, from 0; -1 before the first.</summary>
    public long Row { get; private set; } = -1;

    internal ColumnCell[] Cells { get; }

    /// <summary>A vector column, as the data delivers it: dense or sparse, whatever the batch will hold.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public ref readonly VBuffer<float> Vector(int column) => ref ((IVectorCell)Cells[column]).Vector;

    /// <summary>A scalar column.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public float Scalar(int column) => ((ScalarCell)Cells[column]).Value;

    /// <summary>A key column: 0 for the first value, <see cref="TensorBatch.MissingKey"/> for a missing one.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public long Key(int column) => ((KeyCell)Cells[column]).Value;

    /// <summary>A text column. The memory may be the data's own: copy what outlives the row.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public ReadOnlyMemory<char> Text(int column) => ((TextCell)Cells[column]).Value;

    /// <summary>The pixels of an image column: planes of red, green and blue; all 0 for a missing image.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public ReadOnlySpan<byte> Image(int column) => ((ImageCell)Cells[column]).Pixels;

    /// <summary>Whether an image column has no image in this row: there is none, or it could not be read and that is no error.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public bool IsMissing(int column) => !((ImageCell)Cells[column]).IsPresent;

    /// <summary>Why the image of an image column could not be read, with the file's name where it is known; null when it could, or when there is none.</summary>
    /// <remarks>Only a column that is read with <see cref="BatchColumn.UnreadableIsMissing"/> gets here with an error; otherwise reading the row throws.</remarks>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public string? ImageError(int column) => ((ImageCell)Cells[column]).Error;

    /// <summary>A token column: the row's ids, cut to the column's <see cref="BatchColumn.MaxLength"/>. The memory is used again for the next row.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public ReadOnlySpan<int> Tokens(int column) => ((TokenCell)Cells[column]).Values;

    /// <summary>A column of token weights: as many numbers as the row has tokens, cut likewise. The memory is used again for the next row.</summary>
    /// <exception cref="InvalidCastException">The column is of another kind.</exception>
    public ReadOnlySpan<float> TokenWeights(int column) => ((TokenWeightCell)Cells[column]).Values;

    internal long RowBytes
    {
        get
        {
            long bytes = 0;
            foreach (ColumnCell cell in Cells)
                bytes += cell.Bytes;
            return bytes;
        }
    }

    internal void Attach(DataViewRow row)
    {
        foreach (ColumnCell cell in Cells)
            cell.Attach(row);
    }

    /// <summary>Fetches the attached row, which is row <paramref name="row"/> of the data.</summary>
    internal void Read(long row)
    {
        Row = row;
        foreach (ColumnCell cell in Cells)
            cell.Read();
    }
}
