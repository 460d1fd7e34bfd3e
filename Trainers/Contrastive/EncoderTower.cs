using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>From token ids to an embedding: a text encoder, the pooling of its tokens' vectors, and a linear head.</summary>
internal sealed class EncoderTower : Tower
{
    private readonly EncoderPooling _pooling;
    private readonly int? _padId;
    private readonly EncoderNetwork encoder;
    private readonly LinearLayer head;

    /// <param name="options">The encoder's shape.</param>
    /// <param name="pooling">How the tokens' vectors become one.</param>
    /// <param name="padId">The id of padding that stands in the rows themselves; null for none.</param>
    /// <param name="embeddingSize">The number of outputs.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the tower does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public EncoderTower(EncoderOptions options, EncoderPooling pooling, int? padId, int embeddingSize, Generator generator)
        : base(nameof(EncoderTower))
    {
        (_pooling, _padId) = (pooling, padId);
        encoder = new EncoderNetwork(options, generator);
        encoder.FreezeHeads();
        int width = options.Transformer.Width;
        head = new LinearLayer(width, embeddingSize, 1 / Math.Sqrt(width), generator);
        RegisterComponents();
    }

    public EncoderNetwork Encoder => encoder;

    /// <summary>The number of the tower's weights.</summary>
    /// <param name="options">The encoder's shape.</param>
    /// <param name="embeddingSize">The number of outputs.</param>
    public static Int128 WeightCount(EncoderOptions options, int embeddingSize) => options.WeightCount + ((Int128)options.Transformer.Width + 1) * embeddingSize;

    /// <summary>Float32 <c>[rows, embedding size]</c> of a token column, in the caller's dispose scope; NaN for a row without tokens.</summary>
    /// <exception cref="ArgumentException">An id is not in the vocabulary.</exception>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        EncoderRows rows = new EncoderColumns(column, TokenTypes: null, _padId).Read(batch);
        return head.forward(_pooling.Apply(encoder.Hidden(rows.Ids, rows.IsToken).Last, rows.IsToken)).MoveToOuterDisposeScope();
    }
}
