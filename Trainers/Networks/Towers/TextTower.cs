using MLNetExt.Columns;
using MLNetExt.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>From token ids to an embedding: token and position embeddings, transformer blocks, pooling, a norm and a linear head.</summary>
/// <remarks>A row without tokens is read as one token of its own, learned where such rows are trained on.</remarks>
internal sealed class TextTower : Tower
{
    private readonly TextTowerOptions _options;
    private readonly Parameter tokens;
    private readonly Parameter positions;
    private readonly SeededDropout dropout;
    private readonly TransformerStack transformer;
    private readonly LayerNorm norm;
    private readonly LinearLayer head;

    /// <param name="options">The tower's shape.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped; the tower does not own it.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public TextTower(TextTowerOptions options, Generator generator)
        : base(nameof(TextTower))
    {
        options.Check();
        _options = options;
        int width = options.Transformer.Width;
        double deviation = 1 / Math.Sqrt(width);
        tokens = new Parameter(zeros(checked(options.VocabularySize + 1), width).normal_(0, deviation, generator));
        positions = new Parameter(zeros(options.MaxTokens, width).normal_(0, deviation, generator));
        dropout = new SeededDropout(options.Transformer.Dropout, generator);
        transformer = new TransformerStack(options.Transformer, generator);
        norm = nn.LayerNorm(width);
        head = new LinearLayer(width, options.EmbeddingSize, deviation, generator);
        RegisterComponents();
    }

    /// <summary>Float32 <c>[rows, embedding size]</c> of a token column, in the caller's dispose scope.</summary>
    /// <exception cref="ArgumentException">An id is not in the vocabulary.</exception>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        TokenRows rows = Read(batch.Tokens(column), column);
        Tensor isToken = rows.Mask();
        Tensor embedded = tokens.index_select(0, rows.Ids.flatten()).unflatten(0, rows.Ids.shape).Plus(positions.narrow(0, 0, rows.Ids.shape[1]));
        Tensor mixed = transformer.Forward(dropout.forward(embedded), isToken);
        return head.forward(norm.forward(_options.Pooling.Apply(mixed, rows.Lengths, isToken))).MoveToOuterDisposeScope();
    }

    /// <summary>The rows cut to what the tower reads, and each with at least one token.</summary>
    private TokenRows Read(TokenRows rows, string column)
    {
        Tensor ids = rows.Ids.narrow(1, 0, Math.Min(rows.Ids.shape[1], _options.MaxTokens));
        Vocabulary.RequireIds(ids, $"Column '{column}'", _options.VocabularySize);
        Tensor isFirstOfEmpty = rows.Lengths.eq(0).unsqueeze(1).logical_and(arange(ids.shape[1], device: ids.device).eq(0));
        return new TokenRows(ids.FillWhere(isFirstOfEmpty, _options.VocabularySize), rows.Lengths.clamp(1, _options.MaxTokens));
    }
}
