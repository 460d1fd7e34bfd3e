using Contoso.Components;

namespace Microsoft.ML;

/// <summary>What stands in <see cref="AnomalyCatalog"/>, and where it is found.</summary>
public static class AnomalyCatalogMembers
{
    extension(MLContext context)
    {
        /// <summary>Finds what is unlike the rest.</summary>
        public AnomalyCatalog Anomalies => new(context);
    }

    /// <summary>Deviations from the mean, slot by slot.</summary>
    public static StandardizingEstimator Deviations(this AnomalyCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName);
}
