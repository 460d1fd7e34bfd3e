using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Adds the embeddings of one or both towers to blocks of rows.</summary>
internal sealed class EmbeddingScorer : BlockScorer
{
    private readonly (TowerModel Model, TowerShape Shape)[] _towers;

    /// <param name="inputSchema">The schema of the data to embed.</param>
    /// <param name="towers">The towers, and which columns they read and add here.</param>
    public EmbeddingScorer(DataViewSchema inputSchema, params (TowerModel Model, TowerShape Shape)[] towers)
        : base(inputSchema, [.. towers.Select(t => t.Shape.BatchColumn)], [.. towers.Select(t => Output(t.Shape))])
    {
        _towers = towers;
        for (int i = 0; i < towers.Length; i++)
            RequireFit(towers[i].Shape, Inputs[i], inputSchema);
    }

    /// <summary>Makes sure that a column is what the tower was trained on.</summary>
    /// <exception cref="ArgumentException">It has another size, or its tokens are of another tokenizer.</exception>
    public static void RequireFit(TowerShape shape, BoundColumn column, DataViewSchema schema)
    {
        if (shape.Input == ColumnKind.Vector && column.Width != shape.InputWidth)
            throw new ArgumentOutOfRangeException(
                nameof(schema), $"Column '{column.Name}' has {column.Width} slots, but the model was trained on {shape.InputWidth}.");
        if ((column.ImageHeight, column.ImageWidth) != (shape.ImageHeight, shape.ImageWidth))
            throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Column '{column.Name}' has images of {column.ImageWidth} x {column.ImageHeight} pixels, but the model was trained on {shape.ImageWidth} x {shape.ImageHeight}: use mlContext.Transforms.ResizeImages.");
        if (shape.Tokens is { } tokens)
            TokenAnnotations.RequireSame(schema[column.Name], tokens.Fingerprint);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        var columns = new ScoredColumn?[_towers.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            if (!active[i])
                continue;
            (TowerModel model, TowerShape shape) = _towers[i];
            columns[i] = Embed(model, shape, batch);
        }

        return columns;
    }

    /// <summary>The rows' embeddings as the column of a block.</summary>
    public static ScoredColumn Embed(TowerModel model, TowerShape shape, TensorBatch batch)
    {
        using Tensor embeddings = model.Embed(batch, shape.Column);
        return ScoredColumn.Vectors(embeddings.data<float>().ToArray(), shape.EmbeddingSize);
    }

    /// <summary>The column that a tower adds.</summary>
    public static DataViewSchema.DetachedColumn Output(TowerShape shape) =>
        new(shape.OutputColumn, new VectorDataViewType(NumberDataViewType.Single, shape.EmbeddingSize));
}
