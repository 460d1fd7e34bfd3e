using Microsoft.ML;
using MLNetExt.Columns;

namespace MLNetExt.Contrastive;

/// <summary>One side of a Fit: what it reads, and the tower that it trains, begins with, or leaves as it is.</summary>
internal sealed class TrainingSide
{
    private readonly bool _isLayoutDecided;

    private TrainingSide(string name, TowerOptions options, TowerShape shape, bool isLayoutDecided)
    {
        Name = name;
        Options = options;
        Shape = shape;
        _isLayoutDecided = isLayoutDecided;
    }

    /// <summary>Left or Right, for messages.</summary>
    public string Name { get; }

    public TowerOptions Options { get; }

    /// <summary>The tower of the finished model.</summary>
    public TowerShape Shape { get; }

    /// <summary>The column that batches hold: that of the data, or a locked tower's embeddings of it.</summary>
    public BatchColumn Column => Options.IsLocked ? BatchColumn.Vector(Shape.OutputColumn, VectorLayout.Dense) : Source;

    /// <summary>The column that tells equal rows. A locked side's own, which may be images, need not stay in memory for it.</summary>
    public BatchColumn Identity => Options.IsLocked ? BatchColumn.Text(IdentityColumn) : Source;

    /// <summary>The side's own column. Images that cannot be read are for <see cref="ContrastiveRows"/> to judge.</summary>
    public BatchColumn Source => Shape.BatchColumn with
    {
        Layout = _isLayoutDecided ? Shape.BatchColumn.Layout : VectorLayout.Auto,
        UnreadableIsMissing = Shape.Input == ColumnKind.Image,
    };

    /// <summary>Finds out from the options and the column's type which tower this side has.</summary>
    /// <exception cref="ArgumentException">Column, options or pre-trained tower do not fit each other.</exception>
    public static TrainingSide Of(string name, string column, TowerOptions options, SigmoidContrastiveOptions all, DataViewSchema schema)
    {
        if (options.Pretrained is not { } pretrained)
            return new TrainingSide(name, options, TowerChoice.Shape(Role(name, all), column, options, schema), isLayoutDecided: false);
        TowerShape shape = pretrained.Shape with
        {
            Column = column,
            OutputColumn = OutputColumn(name),
            ScoringBlockSize = all.ScoringBlockSize,
            UnusableRows = all.UnusableRows,
        };
        if (shape.EmbeddingSize != all.EmbeddingSize)
            throw new ArgumentException(
                $"{name}.Pretrained gives embeddings of length {shape.EmbeddingSize}, but EmbeddingSize is {all.EmbeddingSize}: set it to {shape.EmbeddingSize}.");
        EmbeddingScorer.RequireFit(shape, shape.BatchColumn.Bind(schema), schema);
        return new TrainingSide(name, options, shape, isLayoutDecided: true);
    }

    /// <summary>The same side once the data have decided how its vectors are held.</summary>
    public TrainingSide With(bool isSparse) => _isLayoutDecided ? this : new(Name, Options, Shape with { IsSparse = isSparse }, isLayoutDecided: true);

    /// <summary>The name of the column that a side's embeddings go to.</summary>
    public static string OutputColumn(string name) => name + "Embedding";

    /// <summary>No name that data have.</summary>
    private string IdentityColumn => $"{Shape.OutputColumn} (identity)";

    /// <summary>The data with the columns that batches read: a locked tower's embeddings, and what tells its rows, are added.</summary>
    public IDataView Prepare(IDataView data) => Options.IsLocked
        ? new BlockScoringView(data, new LockedSideScorer(data.Schema, Options.Pretrained!.Model, Shape, IdentityColumn), Shape.ScoringBlockSize)
        : data;

    private static TowerRole Role(string name, SigmoidContrastiveOptions all) => new(name, OutputColumn(name), all.EmbeddingSize, all.ScoringBlockSize, all.UnusableRows);
}
