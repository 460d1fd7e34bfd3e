using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;

namespace Contoso.Components;

/// <summary>Adds <c>PredictedLabel</c> and <c>Score</c>. Owns the model.</summary>
[LoadableComponent("Contoso.NearestCentroid")]
public sealed class NearestCentroidTransformer : PredictionTransformer<NearestCentroidModel>, ILoadableTransformer<NearestCentroidTransformer>
{
    internal NearestCentroidTransformer(NearestCentroidModel model) => Model = model;

    public override NearestCentroidModel Model { get; }

    public override string FeatureColumnName => Model.FeatureColumn;

    public override DataViewType FeatureColumnType => new VectorDataViewType(NumberDataViewType.Single, Model.FeatureCount);

    public static NearestCentroidTransformer Load(IHostEnvironment environment, ModelReader reader) => new(NearestCentroidModel.Load(reader));

    protected override void Save(ModelWriter writer) => Model.Save(writer);

    protected override BlockScorer Bind(DataViewSchema inputSchema) => new NearestCentroidScorer(inputSchema, Model);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Model.Dispose();
        base.Dispose(disposing);
    }
}
