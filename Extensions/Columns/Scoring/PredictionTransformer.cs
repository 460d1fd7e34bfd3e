using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>The base of a trained model's transformer with one feature column: what ML.NET's permutation feature importance works on.</summary>
/// <typeparam name="TModel">The trained model.</typeparam>
public abstract class PredictionTransformer<TModel> : BlockScoringTransformer, ISingleFeaturePredictionTransformer<TModel>, ISingleFeaturePredictionTransformer
    where TModel : class
{
    /// <summary>The trained model.</summary>
    public abstract TModel Model { get; }

    /// <inheritdoc/>
    public abstract string FeatureColumnName { get; }

    /// <inheritdoc/>
    public abstract DataViewType FeatureColumnType { get; }
}
