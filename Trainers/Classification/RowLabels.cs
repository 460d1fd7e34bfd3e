using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>Looks at the labels and the weight of each row: counts classes, and tells rows that cannot teach.</summary>
internal sealed class RowLabels
{
    private readonly IClassifierOptions _options;
    private readonly RowSplit? _split;
    private readonly IReadOnlyList<SeenLabel> _labels;
    private readonly bool[] _isThere;
    private readonly long[] _missing;
    private readonly int? _weightColumn;
    private float _weight;
    private long _leftOut;
    private long _zeroWeights;

    /// <param name="options">Name the weight and the policy.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="columns">The columns, in the order in which they are read.</param>
    /// <param name="split">Tells which rows are for validation: their classes are not counted.</param>
    public RowLabels(IClassifierOptions options, IReadOnlyList<LabelColumn> labels, IReadOnlyList<BoundColumn> columns, RowSplit? split)
    {
        (_options, _split) = (options, split);
        _labels = [.. labels.Select(label => SeenLabel.Of(label, columns))];
        (_isThere, _missing) = (new bool[labels.Count], new long[labels.Count]);
        _weightColumn = options.ExampleWeightColumnName is { } name ? columns.Select((c, i) => (c.Name, i)).First(c => c.Name == name).i : null;
    }

    /// <summary>The columns to read for it.</summary>
    public static IEnumerable<BatchColumn> Columns(IClassifierOptions options, IEnumerable<LabelColumn> labels)
    {
        IEnumerable<BatchColumn> columns = labels.Select(label => label.Column);
        return options.ExampleWeightColumnName is { } weight ? columns.Append(BatchColumn.Scalar(weight)) : columns;
    }

    /// <summary>How many training rows each class of each label has.</summary>
    public IReadOnlyList<long[]> ClassCounts => [.. _labels.Select(label => label.Counts)];

    /// <summary>Whether a row has a label and weighs something; those that do not are counted.</summary>
    /// <exception cref="InvalidDataException">The weight is negative or not finite, a label cannot be used, or one is missing and the policy is to fail.</exception>
    public bool CanTeach(RowReader row)
    {
        for (int i = 0; i < _isThere.Length; i++)
        {
            _isThere[i] = _labels[i].Read(row);
            if (!_isThere[i] && _options.MissingLabels == MissingLabelPolicy.Fail)
                throw new InvalidDataException(
                    $"Row {row.Row} has no label in column '{_labels[i].Name}': give it one, drop it (mlContext.Data.FilterRowsByMissingValues), or set MissingLabels to Skip.");
        }

        if (!_isThere.Contains(true))
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
        for (int i = 0; i < _isThere.Length; i++)
        {
            _labels[i].Take(digest, trains);
            _missing[i] += _isThere[i] ? 0 : 1;
        }

        digest.Add(_weight);
        return trains;
    }

    /// <summary>Says in the log how many rows were left out.</summary>
    public void Report(ComponentHost host, string part)
    {
        if (_leftOut > 0)
            host.Warn($"{_leftOut} rows of the {part} data have no label in {(_labels.Count > 1 ? "any of the columns" : "column")} {string.Join(", ", _labels.Select(label => $"'{label.Name}'"))} and are left out.");
        for (int i = 0; i < _missing.Length; i++)
        {
            if (_missing[i] > 0)
                host.Warn($"{_missing[i]} rows of the {part} data have no label in column '{_labels[i].Name}' and teach the others alone.");
        }

        if (_zeroWeights > 0)
            host.Info($"{_zeroWeights} rows of the {part} data weigh 0 in column '{_options.ExampleWeightColumnName}' and are left out.");
    }

    /// <summary>Makes sure that the training rows differ in each label.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void RequireDifference(ComponentHost host)
    {
        foreach (SeenLabel label in _labels)
            label.RequireDifference(host);
    }
}
