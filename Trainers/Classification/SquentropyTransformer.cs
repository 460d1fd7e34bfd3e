using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;

namespace MLNetExt.Classification;

/// <summary>Adds <c>PredictedLabel</c> and <c>Score</c>, the probabilities of the classes. Thread-safe; owns the model.</summary>
[LoadableComponent("MLNetExt.Squentropy")]
public sealed class SquentropyTransformer : PredictionTransformer<SquentropyModel>, ILoadableTransformer<SquentropyTransformer>
{

    internal SquentropyTransformer(SquentropyModel model) => Model = model;

    /// <inheritdoc/>
    public override SquentropyModel Model { get; }

    /// <inheritdoc/>
    public override string FeatureColumnName => Model.Shape.FeatureColumn;

    /// <inheritdoc/>
    public override DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, Model.FeatureCount);

    /// <inheritdoc/>
    protected override int BlockRows => Model.Shape.ScoringBlockSize;

    /// <inheritdoc/>
    public static SquentropyTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LibTorch.EnsureLoaded();
        return new SquentropyTransformer(SquentropyModel.Load(reader));
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer) => Model.Save(writer);

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new SquentropyScorer(Model, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Model.Dispose();
        base.Dispose(disposing);
    }
}
