using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>A label of any number of tags a row: 1 for a tag that the row has, 0 for one that it does not have, and NaN where nobody knows.</summary>
/// <param name="label">The label.</param>
/// <param name="index">Its place among the columns that are read.</param>
internal sealed class SeenTags(LabelColumn label, int index) : SeenLabel(label)
{
    private const int TagsToName = 5;

    private readonly float[] _tags = new float[label.ClassCount];
    private readonly long[] _without = new long[label.ClassCount];

    public override bool Read(RowReader row)
    {
        row.Vector(index).CopyTo(_tags);
        int bad = Array.FindIndex(_tags, tag => tag is not (0 or 1 or float.NaN));
        return bad < 0
            ? !Array.TrueForAll(_tags, float.IsNaN)
            : throw new InvalidDataException(
                $"Column '{Name}' holds {_tags[bad]} in row {row.Row}, slot {bad}: a tag is 1 where the row has it, 0 where it does not, and NaN where nobody knows. MapKeyToVector counts a tag that a row names twice: name it once.");
    }

    public override void Take(RowDigest digest, bool trains)
    {
        digest.Add<float>(_tags);
        for (int i = 0; i < _tags.Length && trains; i++)
        {
            Counts[i] += _tags[i] == 1 ? 1 : 0;
            _without[i] += _tags[i] == 0 ? 1 : 0;
        }
    }

    public override void RequireDifference(ComponentHost host)
    {
        int[] same = [.. Enumerable.Range(0, Counts.Length).Where(i => Counts[i] == 0 || _without[i] == 0)];
        if (same.Length == Counts.Length)
            throw new ArgumentException($"All training rows have the same label in column '{Name}': a classifier needs rows that have a tag and rows that do not.");
        if (same.Length > 0)
            host.Warn($"{same.Length} tags of column '{Name}' are the same in all training rows, which teaches nothing of them: {string.Join(", ", same.Take(TagsToName).Select(i => Label.Values?.Texts[i] ?? $"slot {i}"))}{(same.Length > TagsToName ? ", ..." : "")}.");
    }
}
