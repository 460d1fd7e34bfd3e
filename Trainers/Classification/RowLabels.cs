using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>Looks at the labels and the weight of each row: counts classes, and tells rows that cannot teach.</summary>
internal sealed class RowLabels
{
    private readonly IClassifierOptions _options;
    private readonly RowSplit? _split;
    private readonly int[] _columns;
    private readonly int? _weightColumn;
    private readonly long[] _labels;
    private readonly long[] _missing;
    private float _weight;
    private long _leftOut;
    private long _zeroWeights;

    /// <param name="options">Name the columns and the policy.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="split">Tells which rows are for validation: they are not counted.</param>
    public RowLabels(IClassifierOptions options, IReadOnlyList<BoundColumn> columns, RowSplit? split)
    {
        int IndexOf(string name) => columns.Select((c, i) => (c.Name, i)).First(c => c.Name == name).i;
        (_options, _split) = (options, split);
        _columns = [.. options.LabelColumnNames.Select(IndexOf)];
        _weightColumn = options.ExampleWeightColumnName is { } name ? IndexOf(name) : null;
        (_labels, _missing) = (new long[_columns.Length], new long[_columns.Length]);
        ClassCounts = [.. _columns.Select(column => new long[columns[column].KeyCount])];
    }

    /// <summary>The columns to read for it.</summary>
    public static IEnumerable<BatchColumn> Columns(IClassifierOptions options)
    {
        IEnumerable<BatchColumn> labels = options.LabelColumnNames.Select(BatchColumn.Key);
        return options.ExampleWeightColumnName is { } weight ? labels.Append(BatchColumn.Scalar(weight)) : labels;
    }

    /// <summary>How many training rows each class of each label has.</summary>
    public IReadOnlyList<long[]> ClassCounts { get; }

    /// <summary>Whether a row has a label and weighs something; those that do not are counted.</summary>
    /// <exception cref="InvalidDataException">The weight is negative or not finite, or a label is missing and the policy is to fail.</exception>
    public bool CanTeach(RowReader row)
    {
        for (int i = 0; i < _labels.Length; i++)
        {
            _labels[i] = row.Key(_columns[i]);
            if (_labels[i] == TensorBatch.MissingKey && _options.MissingLabels == MissingLabelPolicy.Fail)
                throw new InvalidDataException(
                    $"Row {row.Row} has no label in column '{_options.LabelColumnNames[i]}': give it one, drop it (mlContext.Data.FilterRowsByMissingValues), or set MissingLabels to Skip.");
        }

        if (Array.TrueForAll(_labels, label => label == TensorBatch.MissingKey))
        {
            _leftOut++;
            return false;
        }

        _weight = _weightColumn is { } column ? row.Scalar(column) : 1;
        if (!(_weight >= 0 && float.IsFinite(_weight)))
            throw new InvalidDataException(
                $"Column '{_options.ExampleWeightColumnName}' holds the weight {_weight} in row {row.Row}: weights are finite numbers of at least 0.");
        if (_weight > 0)
            return true;
        _zeroWeights++;
        return false;
    }

    /// <summary>Takes a row that can teach: adds its labels and its weight to a digest, and counts its classes when it is for training.</summary>
    /// <returns>Whether it is for training.</returns>
    public bool Take(long row, RowDigest digest)
    {
        bool trains = _split?.HoldsOut(row) != true;
        for (int i = 0; i < _labels.Length; i++)
        {
            digest.Add(_labels[i]);
            if (_labels[i] == TensorBatch.MissingKey)
                _missing[i]++;
            else if (trains)
                ClassCounts[i][_labels[i]]++;
        }

        digest.Add(_weight);
        return trains;
    }

    /// <summary>Says in the log how many rows were left out.</summary>
    public void Report(ComponentHost host, string part)
    {
        IReadOnlyList<string> names = _options.LabelColumnNames;
        if (_leftOut > 0)
            host.Warn($"{_leftOut} rows of the {part} data have no label in {(names.Count > 1 ? "any of the columns" : "column")} {string.Join(", ", names.Select(name => $"'{name}'"))} and are left out.");
        for (int i = 0; i < names.Count; i++)
        {
            if (_missing[i] > 0)
                host.Warn($"{_missing[i]} rows of the {part} data have no label in column '{names[i]}' and teach the others alone.");
        }

        if (_zeroWeights > 0)
            host.Info($"{_zeroWeights} rows of the {part} data weigh 0 in column '{_options.ExampleWeightColumnName}' and are left out.");
    }

    /// <exception cref="ArgumentException">All training rows are of one class.</exception>
    public void RequireTwoClasses()
    {
        for (int i = 0; i < _labels.Length; i++)
        {
            if (ClassCounts[i].Count(c => c > 0) < 2)
                throw new ArgumentException($"All training rows have the same label in column '{_options.LabelColumnNames[i]}': a classifier needs rows of at least 2 classes.");
        }
    }
}
