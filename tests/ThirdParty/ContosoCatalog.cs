using Contoso.Components;
using MLNetExt.Components;
using static Microsoft.ML.MulticlassClassificationCatalog;

namespace Microsoft.ML;

/// <summary>Contoso's components in ML.NET's catalogs.</summary>
public static class ContosoCatalog
{
    /// <summary>Brings each slot of a vector column to mean 0 and deviation 1.</summary>
    public static StandardizingEstimator Standardize(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName ?? outputColumnName);

    /// <summary>Predicts the class whose mean is nearest.</summary>
    public static NearestCentroidTrainer NearestCentroid(
        this MulticlassClassificationTrainers trainers, string labelColumnName = "Label", string featureColumnName = "Features") =>
        new(trainers.GetEnvironment(), labelColumnName, featureColumnName);
}
