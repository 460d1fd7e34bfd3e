using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>A label of one class a row.</summary>
/// <param name="label">The label.</param>
/// <param name="index">Its place among the columns that are read.</param>
internal sealed class SeenKey(LabelColumn label, int index) : SeenLabel(label)
{
    private long _key;

    public override bool Read(RowReader row)
    {
        _key = row.Key(index);
        return _key != TensorBatch.MissingKey;
    }

    public override void Take(RowDigest digest, bool trains)
    {
        digest.Add(_key);
        if (trains && _key != TensorBatch.MissingKey)
            Counts[_key]++;
    }

    public override void RequireDifference(ComponentHost host)
    {
        if (Counts.Count(c => c > 0) < 2)
            throw new ArgumentException($"All training rows have the same label in column '{Name}': a classifier needs rows of at least 2 classes.");
    }
}
