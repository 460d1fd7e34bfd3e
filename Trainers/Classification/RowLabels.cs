using MLNetExt.Columns;
using MLNetExt.Components;

namespace MLNetExt.Classification;

/// <summary>Looks at the label and the weight of each row: counts classes, and tells rows that cannot teach.</summary>
internal sealed class RowLabels
{
    private readonly IClassifierOptions _options;
    private readonly RowSplit? _split;
    private readonly int _label;
    private readonly int? _weight;

    /// <param name="options">Name the columns and the policy.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="split">Tells which rows are for validation: they are not counted.</param>
    public RowLabels(IClassifierOptions options, IReadOnlyList<BoundColumn> columns, RowSplit? split)
    {
        int IndexOf(string name) => columns.Select((c, i) => (c.Name, i)).First(c => c.Name == name).i;
        (_options, _split, _label) = (options, split, IndexOf(options.LabelColumnName));
        _weight = options.ExampleWeightColumnName is { } name ? IndexOf(name) : null;
        ClassCounts = new long[columns[_label].KeyCount];
    }

    /// <summary>The columns to read for it.</summary>
    public static IReadOnlyList<BatchColumn> Columns(IClassifierOptions options) => options.ExampleWeightColumnName is { } weight
        ? [BatchColumn.Key(options.LabelColumnName), BatchColumn.Scalar(weight)]
        : [BatchColumn.Key(options.LabelColumnName)];

    /// <summary>How many training rows each class has.</summary>
    public long[] ClassCounts { get; }

    /// <summary>How many rows were left out because their label is missing.</summary>
    public long Missing { get; private set; }

    /// <summary>How many rows were left out because they weigh nothing.</summary>
    public long ZeroWeights { get; private set; }

    /// <summary>Whether a row has a label and weighs something; those that do not are counted.</summary>
    /// <exception cref="InvalidDataException">The weight is negative or not finite, or the label is missing and the policy is to fail.</exception>
    public bool CanTeach(RowReader row, out long label, out float weight)
    {
        (label, weight) = (row.Key(_label), 1);
        if (label == TensorBatch.MissingKey)
        {
            if (_options.MissingLabels == MissingLabelPolicy.Fail)
                throw new InvalidDataException(
                    $"Row {row.Row} has no label in column '{_options.LabelColumnName}': give it one, drop it (mlContext.Data.FilterRowsByMissingValues), or set MissingLabels to Skip.");
            Missing++;
            return false;
        }

        if (_weight is not { } column)
            return true;
        weight = row.Scalar(column);
        if (!(weight >= 0 && float.IsFinite(weight)))
            throw new InvalidDataException(
                $"Column '{_options.ExampleWeightColumnName}' holds the weight {weight} in row {row.Row}: weights are finite numbers of at least 0.");
        if (weight > 0)
            return true;
        ZeroWeights++;
        return false;
    }

    /// <summary>Whether a row is for training; its class is counted then.</summary>
    public bool Trains(long row, long label)
    {
        if (_split?.HoldsOut(row) == true)
            return false;
        ClassCounts[label]++;
        return true;
    }

    /// <summary>Says in the log how many rows were left out.</summary>
    public void Report(ComponentHost host, string part)
    {
        if (Missing > 0)
            host.Warn($"{Missing} rows of the {part} data have no label in column '{_options.LabelColumnName}' and are left out.");
        if (ZeroWeights > 0)
            host.Info($"{ZeroWeights} rows of the {part} data weigh 0 in column '{_options.ExampleWeightColumnName}' and are left out.");
    }

    /// <exception cref="ArgumentException">All training rows are of one class.</exception>
    public void RequireTwoClasses()
    {
        if (ClassCounts.Count(c => c > 0) < 2)
            throw new ArgumentException($"All training rows have the same label in column '{_options.LabelColumnName}': a classifier needs rows of at least 2 classes.");
    }
}
