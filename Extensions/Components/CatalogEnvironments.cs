using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetExt.Components;

/// <summary>The environment behind ML.NET's catalogs, for catalog extensions that make components.</summary>
public static class CatalogEnvironments
{
    /// <summary>The environment of a task catalog such as <c>mlContext.MulticlassClassification</c>.</summary>
    public static IHostEnvironment GetEnvironment(this TrainCatalogBase catalog) => Microsoft.ML.Data.CatalogUtils.GetEnvironment(catalog);

    /// <summary>The environment of a trainers catalog such as <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
    public static IHostEnvironment GetEnvironment(this TrainCatalogBase.CatalogInstantiatorBase catalog) => Microsoft.ML.Data.CatalogUtils.GetEnvironment(catalog);

    /// <summary>The environment of <c>mlContext.Transforms</c>.</summary>
    public static IHostEnvironment GetEnvironment(this TransformsCatalog catalog) => Microsoft.ML.Data.CatalogUtils.GetEnvironment(catalog);

    /// <summary>The environment of <c>mlContext.Transforms.Text</c>.</summary>
    public static IHostEnvironment GetEnvironment(this TransformsCatalog.TextTransforms catalog) => Microsoft.ML.Data.CatalogUtils.GetEnvironment(catalog);
}
