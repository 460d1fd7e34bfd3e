using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>From a vector column, dense or sparse, to an embedding: the scaler, then nothing, a perceptron or a network of the user's own.</summary>
internal sealed class VectorTower : Tower
{
    /// <summary>The weights' name of what dense vectors are centred by; 0 in a tower of sparse ones.</summary>
    public const string ShiftName = $"{nameof(scaler)}.{FeatureScaler.ShiftName}";

    private readonly FeatureScaler scaler;
    private readonly nn.Module<Tensor, Tensor>? body;

    /// <param name="options">The tower's shape.</param>
    /// <param name="scaler">Brings the vectors to a common scale; the tower owns it.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the tower does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public VectorTower(VectorTowerOptions options, FeatureScaler scaler, Generator generator)
        : base(nameof(VectorTower))
    {
        options.Check();
        this.scaler = scaler;
        body = options.Perceptron is { } perceptron ? new Mlp(perceptron, generator) : null;
        RegisterComponents();
    }

    /// <summary>A tower around a user's network.</summary>
    /// <param name="factory">Makes a network from float32 <c>[rows, inputSize]</c> to <c>[rows, embeddingSize]</c>.</param>
    /// <param name="inputSize">The length of the vectors.</param>
    /// <param name="embeddingSize">The number of outputs.</param>
    /// <param name="scaler">Brings the vectors to a common scale; the tower owns it.</param>
    /// <param name="generator">Is lent to the network while it draws its initial weights.</param>
    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public VectorTower(INetworkFactory factory, int inputSize, int embeddingSize, FeatureScaler scaler, Generator generator)
        : base(nameof(VectorTower))
    {
        this.scaler = scaler;
        try
        {
            body = SeededNetwork.Create(factory, inputSize, embeddingSize, generator);
        }
        catch
        {
            scaler.Dispose();
            throw;
        }

        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, embedding size]</c> of a vector column, in the caller's dispose scope; a row that holds NaN or infinity is NaN.</summary>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        Tensor embeddings = batch.IsSparse(column) ? Embed(scaler.Forward(batch.Sparse(column))) : Embed(scaler.forward(batch[column]));
        return (embeddings + batch.NaNWhereNotFinite(column)).MoveToOuterDisposeScope();
    }

    private Tensor Embed(SparseRows rows) => body is Mlp mlp ? mlp.Forward(rows) : Embed(rows.ToDense());

    private Tensor Embed(Tensor rows) => body is null ? rows : body.forward(rows);
}
