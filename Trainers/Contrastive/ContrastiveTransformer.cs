using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;

namespace MLNetExt.Contrastive;

/// <summary>Adds <c>LeftEmbedding</c> and <c>RightEmbedding</c>, of unit length: the cosine of the two tells how well a pair matches. Thread-safe; owns the towers.</summary>
[LoadableComponent("MLNetExt.Contrastive")]
public sealed class ContrastiveTransformer : BlockScoringTransformer, ILoadableTransformer<ContrastiveTransformer>
{
    private const string LeftPrefix = "left.";
    private const string RightPrefix = "right.";
    private readonly ContrastiveState _state;
    private readonly TowerModel _left;
    private readonly TowerModel _right;

    internal ContrastiveTransformer(ContrastiveState state, TowerModel left, TowerModel right)
    {
        _state = state;
        _left = left;
        _right = right;
        Left = new EmbeddingTransformer(left, ownsModel: false);
        Right = new EmbeddingTransformer(right, ownsModel: false);
    }

    /// <summary>The left tower, for data that have its column alone.</summary>
    /// <remarks>It shares this transformer's weights: it works until this transformer is disposed, and disposing it changes nothing here. It
    /// can be saved by itself.</remarks>
    public EmbeddingTransformer Left { get; }

    /// <summary>The right tower, for data that have its column alone.</summary>
    /// <inheritdoc cref="Left" path="/remarks"/>
    public EmbeddingTransformer Right { get; }

    /// <summary>The length of the embeddings.</summary>
    public int EmbeddingSize => _state.Left.EmbeddingSize;

    /// <summary>The loss that the towers were trained with.</summary>
    public ContrastiveLoss Loss => _state.Loss;

    /// <summary>The learned temperature t: a pair's logit is t · cosine + b.</summary>
    public double Temperature => _state.Temperature;

    /// <summary>The learned bias b; of no meaning after training with the softmax loss.</summary>
    public double Bias => _state.Bias;

    /// <inheritdoc/>
    protected override int BlockRows => _state.Left.ScoringBlockSize;

    /// <inheritdoc/>
    public static ContrastiveTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ContrastiveState state = reader.ReadState<ContrastiveState>();
        using SafetensorsReader weights = reader.ReadWeights();
        TowerModel[] towers = TowerWeights.Read(weights, [(state.Left, LeftPrefix), (state.Right, RightPrefix)]);
        return new ContrastiveTransformer(state, towers[0], towers[1]);
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_state);
        writer.WriteWeights([.. TowerWeights.Named(_left, LeftPrefix), .. TowerWeights.Named(_right, RightPrefix)]);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new EmbeddingScorer(inputSchema, (_left, _left.Shape), (_right, _right.Shape));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _left.Dispose();
            _right.Dispose();
        }
        base.Dispose(disposing);
    }
}
