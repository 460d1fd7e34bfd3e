using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;

namespace MLNetExt.Contrastive;

/// <summary>One side of a two-tower model: adds the unit-length embedding of one column. Thread-safe.</summary>
[LoadableComponent("MLNetExt.Embedding")]
public sealed class EmbeddingTransformer : BlockScoringTransformer, ILoadableTransformer<EmbeddingTransformer>
{
    private readonly bool _ownsModel;

    internal EmbeddingTransformer(TowerModel model, bool ownsModel)
    {
        Model = model;
        Shape = model.Shape;
        _ownsModel = ownsModel;
    }

    private EmbeddingTransformer(TowerModel model, TowerShape shape)
    {
        Model = model;
        Shape = shape;
    }

    /// <summary>The column that is read.</summary>
    public string InputColumnName => Shape.Column;

    /// <summary>The column that is added: a vector of Single.</summary>
    public string OutputColumnName => Shape.OutputColumn;

    /// <summary>The length of the embeddings.</summary>
    public int EmbeddingSize => Shape.EmbeddingSize;

    /// <summary>The network.</summary>
    public TowerKind Kind => Shape.Kind;

    /// <summary>The number of trained weights.</summary>
    public long WeightCount => Model.WeightCount;

    internal TowerModel Model { get; }

    internal TowerShape Shape { get; }

    /// <inheritdoc/>
    protected override int BlockRows => Shape.ScoringBlockSize;

    /// <inheritdoc/>
    public static EmbeddingTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        TowerShape shape = reader.ReadState<TowerShape>();
        using SafetensorsReader weights = reader.ReadWeights();
        return new EmbeddingTransformer(TowerWeights.Read(weights, [(shape, Prefix: "")])[0], ownsModel: true);
    }

    /// <summary>The same tower for another column of the same type.</summary>
    /// <remarks>It shares this one's weights: it works until this one is disposed, and disposing it changes nothing here.</remarks>
    /// <param name="inputColumnName">The column to read.</param>
    /// <param name="outputColumnName">The column to add.</param>
    public EmbeddingTransformer Reading(string inputColumnName, string outputColumnName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        return With(Shape with { Column = inputColumnName, OutputColumn = outputColumnName });
    }

    /// <summary>The same tower under a shape that differs in names and policies.</summary>
    internal EmbeddingTransformer With(TowerShape shape) => new(Model, shape);

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(Shape);
        writer.WriteWeights(Model.Weights);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed || Model.IsDisposed, this);
        return new EmbeddingScorer(inputSchema, (Model, Shape));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _ownsModel)
            Model.Dispose();
        base.Dispose(disposing);
    }
}
