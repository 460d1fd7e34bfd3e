using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>Looks at every training row once: checks it, counts its label, gathers the features' statistics, and leaves out rows that cannot teach.</summary>
internal sealed class ClassifierRows : IRowVisitor
{
    private const int RowsBetweenLooksAtHost = 1024;
    private readonly ComponentHost _host;
    private readonly SquentropyOptions _options;
    private readonly RowSplit? _split;
    private readonly int _feature;
    private readonly int _label;
    private readonly int? _weight;

    /// <param name="options">Name the columns and the policies.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="split">Tells which rows are for validation: they do not enter the statistics.</param>
    /// <param name="host">Ends the pass when it is canceled.</param>
    public ClassifierRows(SquentropyOptions options, IReadOnlyList<BoundColumn> columns, RowSplit? split, ComponentHost host)
    {
        _host = host;
        _options = options;
        _split = split;
        int IndexOf(string name) => columns.Select((c, i) => (c.Name, i)).First(c => c.Name == name).i;
        _feature = IndexOf(options.FeatureColumnName);
        _label = IndexOf(options.LabelColumnName);
        _weight = options.ExampleWeightColumnName is { } name ? IndexOf(name) : null;
        ClassCounts = new long[columns[_label].KeyCount];
        Features = new FeatureStatistics(columns[_feature].Width);
    }

    /// <summary>The columns that training reads.</summary>
    /// <param name="options">Name the columns.</param>
    /// <param name="layout">How the features are held.</param>
    public static IReadOnlyList<BatchColumn> Columns(SquentropyOptions options, VectorLayout layout)
    {
        List<BatchColumn> columns = [BatchColumn.Vector(options.FeatureColumnName, layout), BatchColumn.Key(options.LabelColumnName)];
        if (options.ExampleWeightColumnName is { } weight)
            columns.Add(BatchColumn.Scalar(weight));
        return columns;
    }

    /// <summary>How many training rows each class has.</summary>
    public long[] ClassCounts { get; }

    /// <summary>How many rows were left out because their label is missing.</summary>
    public long MissingLabels { get; private set; }

    /// <summary>How many rows were left out because they weigh nothing.</summary>
    public long ZeroWeights { get; private set; }

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

        long label = row.Key(_label);
        if (label == TensorBatch.MissingKey)
        {
            if (_options.MissingLabels == MissingLabelPolicy.Fail)
                throw new InvalidDataException(
                    $"Row {row.Row} has no label in column '{_options.LabelColumnName}': give it one, drop it (mlContext.Data.FilterRowsByMissingValues), or set MissingLabels to Skip.");
            MissingLabels++;
            return false;
        }

        float weight = _weight is { } column ? row.Scalar(column) : 1;
        if (!HasWeight(weight, row.Row))
        {
            ZeroWeights++;
            return false;
        }

        ref readonly VBuffer<float> features = ref row.Vector(_feature);
        int bad = FeatureStatistics.FirstNonFinite(in features);
        if (bad >= 0)
            throw new InvalidDataException(
                $"Column '{_options.FeatureColumnName}' has a value that is not a finite number in row {row.Row}, slot {bad}: replace it (mlContext.Transforms.ReplaceMissingValues) or drop the row (mlContext.Data.FilterRowsByMissingValues).");
        AddToDigest(label, weight, in features);
        if (_split?.HoldsOut(row.Row) != true)
        {
            Features.Add(in features);
            ClassCounts[label]++;
        }

        return true;
    }

    private void AddToDigest(long label, float weight, in VBuffer<float> features)
    {
        Digest.Add(label);
        Digest.Add(weight);
        Digest.Add(features.GetValues());
        if (!features.IsDense)
            Digest.Add(features.GetIndices());
    }

    private bool HasWeight(float weight, long row) => weight >= 0 && float.IsFinite(weight)
        ? weight > 0
        : throw new InvalidDataException(
            $"Column '{_options.ExampleWeightColumnName}' holds the weight {weight} in row {row}: weights are finite numbers of at least 0.");
}
