using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using MLNetExt.Torch;

namespace MLNetExt.Preference;

/// <summary>A reward model: the higher the score, the more something is preferred. Thread-safe; owns the network.</summary>
/// <remarks>
/// <para>It scores what is there: data that have <see cref="InputColumnName"/> get <c>Score</c>, data that have both <see cref="ChosenColumnName"/> and
/// <see cref="RejectedColumnName"/> get <c>ChosenScore</c> and <c>RejectedScore</c>, and data that have all three get all; others are refused. Each is a Single.</para>
/// <para>Only differences of scores mean something: the model gives σ(a − b) as the probability that what scores a is preferred to what scores b. The
/// score is NaN for what has NaN or infinity, no text, no tokens or no image.</para>
/// </remarks>
[LoadableComponent("MLNetExt.RewardModel")]
public sealed class RewardModelTransformer : BlockScoringTransformer, ILoadableTransformer<RewardModelTransformer>
{
    private readonly RewardState _state;
    private readonly TowerModel _model;

    internal RewardModelTransformer(RewardState state, TowerModel model)
    {
        _state = state;
        _model = model;
    }

    /// <summary>The single column that is scored.</summary>
    public string InputColumnName => _state.Tower.Column;

    /// <summary>The chosen side of pairs.</summary>
    public string ChosenColumnName => _state.ChosenColumn;

    /// <summary>The rejected side of pairs.</summary>
    public string RejectedColumnName => _state.RejectedColumn;

    /// <summary>The network.</summary>
    public TowerKind Kind => _state.Tower.Kind;

    /// <summary>The number of trained weights.</summary>
    public long WeightCount => _model.WeightCount;

    /// <inheritdoc/>
    protected override int BlockRows => _state.Tower.ScoringBlockSize;

    /// <inheritdoc/>
    public static RewardModelTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        RewardState state = reader.ReadState<RewardState>();
        using SafetensorsReader weights = reader.ReadWeights();
        return new RewardModelTransformer(state, TowerWeights.Read(weights, [(state.Tower, Prefix: "")])[0]);
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_state);
        writer.WriteWeights(_model.Weights);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new RewardScorer(inputSchema, _model, _state.Columns.In(name => inputSchema.GetColumnOrNull(name) is not null));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _model.Dispose();
        base.Dispose(disposing);
    }
}
