using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

namespace MLNetExt.Columns;

/// <summary>A <see cref="BatchColumn"/> found in a schema, with its type checked.</summary>
public sealed class BoundColumn
{
    internal BoundColumn(BatchColumn definition, DataViewSchema.Column source, int width, long keyCount = 0)
    {
        Definition = definition;
        Source = source;
        Width = width;
        KeyCount = keyCount;
    }

    /// <summary>What was asked for, with the layout that was decided.</summary>
    public BatchColumn Definition { get; }

    /// <summary>The column in the schema.</summary>
    public DataViewSchema.Column Source { get; }

    /// <summary>The column's name.</summary>
    public string Name => Definition.Name;

    /// <summary>The length of a vector; 1 for other kinds.</summary>
    public int Width { get; }

    /// <summary>How many values a key has; 0 for other kinds.</summary>
    public long KeyCount { get; }

    /// <summary>The height of the images in pixels; 0 for other kinds.</summary>
    public int ImageHeight => (Source.Type as ImageDataViewType)?.Height ?? 0;

    /// <summary>The width of the images in pixels; 0 for other kinds.</summary>
    public int ImageWidth => (Source.Type as ImageDataViewType)?.Width ?? 0;

    /// <summary>Whether batches hold the column as <see cref="SparseRows"/>.</summary>
    public bool IsSparse => Definition is { Kind: ColumnKind.Vector, Layout: VectorLayout.Sparse };

    internal BoundColumn With(VectorLayout layout) => new(Definition with { Layout = layout }, Source, Width, KeyCount);

    internal ColumnCell CreateCell() => Definition.Kind switch
    {
        ColumnKind.Vector => IsSparse ? new SparseVectorCell(this) : new DenseVectorCell(this),
        ColumnKind.Scalar => new ScalarCell(this),
        ColumnKind.Key => new KeyCell(this),
        ColumnKind.Image => new ImageCell(this),
        ColumnKind.Tokens => new TokenCell(this),
        ColumnKind.TokenWeights => new TokenWeightCell(this),
        _ => new TextCell(this),
    };
}
