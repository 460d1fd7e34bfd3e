using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>Looks at every training row once: checks it, counts its label, gathers the features' statistics, and leaves out rows that cannot teach.</summary>
internal sealed class ClassifierRows : IFitRows
{
    private const int RowsBetweenLooksAtHost = 1024, FeaturesAt = 0;
    private readonly ComponentHost _host;
    private readonly string _featureColumn;

    /// <param name="options">Name the columns and the policies.</param>
    /// <param name="label">The label.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="split">Tells which rows are for validation: they do not enter the statistics.</param>
    /// <param name="host">Ends the pass when it is canceled.</param>
    public ClassifierRows(SquentropyOptions options, LabelColumn label, IReadOnlyList<BoundColumn> columns, RowSplit? split, ComponentHost host)
    {
        (_host, _featureColumn) = (host, options.FeatureColumnName);
        Labels = new RowLabels(options, [label], columns, split);
        Features = new FeatureStatistics(columns[FeaturesAt].Width);
    }

    /// <summary>The columns that training reads, the features first.</summary>
    /// <param name="options">Name the columns.</param>
    /// <param name="label">The label.</param>
    /// <param name="layout">How the features are held.</param>
    public static IReadOnlyList<BatchColumn> Columns(SquentropyOptions options, LabelColumn label, VectorLayout layout) =>
        [BatchColumn.Vector(options.FeatureColumnName, layout), .. RowLabels.Columns(options, [label])];

    /// <summary>The labels and weights.</summary>
    public RowLabels Labels { get; }

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <summary>The features of the training rows.</summary>
    public FeatureStatistics Features { get; }

    /// <exception cref="InvalidDataException">A feature or weight is not a finite number, a weight is negative, or a label is missing and the policy is to fail.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (row.Row % RowsBetweenLooksAtHost == 0 && _host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");
        if (!Labels.CanTeach(row))
            return false;

        ref readonly VBuffer<float> features = ref row.Vector(FeaturesAt);
        int bad = FeatureStatistics.FirstNonFinite(in features);
        if (bad >= 0)
            throw new InvalidDataException(
                $"Column '{_featureColumn}' has a value that is not a finite number in row {row.Row}, slot {bad}: replace it (mlContext.Transforms.ReplaceMissingValues) or drop the row (mlContext.Data.FilterRowsByMissingValues).");
        if (Labels.Take(row.Row, Digest))
            Features.Add(in features);
        Digest.Add(features.GetValues());
        if (!features.IsDense)
            Digest.Add(features.GetIndices());
        return true;
    }

    public void Report(string part) => Labels.Report(_host, part);
}
