using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Adds <c>PredictedLabel</c> and <c>Score</c>, the probabilities of classes that were described in words. Thread-safe; owns a copy of the tower.</summary>
[LoadableComponent("MLNetExt.ZeroShot")]
public sealed class ZeroShotTransformer : BlockScoringTransformer, ILoadableTransformer<ZeroShotTransformer>
{
    private const string TowerPrefix = "tower.";
    private const string ClassesName = "classes";
    private readonly ZeroShotState _state;
    private readonly TowerModel _model;
    private readonly Tensor _classes;

    internal ZeroShotTransformer(ZeroShotState state, TowerModel model, Tensor classes)
    {
        _state = state;
        _model = model;
        _classes = classes.DetachFromDisposeScope();
    }

    /// <summary>The classes, in the order of the scores.</summary>
    public IReadOnlyList<string> Labels => _state.Labels.Texts;

    /// <summary>The column that is classified.</summary>
    public string InputColumnName => _state.Tower.Column;

    /// <inheritdoc/>
    protected override int BlockRows => _state.Tower.ScoringBlockSize;

    /// <inheritdoc/>
    public static ZeroShotTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ZeroShotState state = reader.ReadState<ZeroShotState>();
        using SafetensorsReader weights = reader.ReadWeights();
        TowerModel model = TowerWeights.Read(weights, [(state.Tower, TowerPrefix)], ClassesName)[0];
        try
        {
            using var scope = NewDisposeScope();
            Tensor classes = weights.Read(ClassesName);
            if (classes.dtype != ScalarType.Float32 || !classes.shape.SequenceEqual([state.Labels.Texts.Count, state.Tower.EmbeddingSize]))
                throw new InvalidDataException("The model's embeddings of its classes do not fit its labels.");
            if (!classes.isfinite().all().item<bool>())
                throw new InvalidDataException("The model's embeddings of its classes hold NaN or infinity.");
            return new ZeroShotTransformer(state, model, classes);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_state);
        writer.WriteWeights([.. TowerWeights.Named(_model, TowerPrefix), KeyValuePair.Create(ClassesName, _classes)]);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new ZeroShotScorer(_state, _model, _classes, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _model.Dispose();
            _classes.Dispose();
        }
        base.Dispose(disposing);
    }
}
