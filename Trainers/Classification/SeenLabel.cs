using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Classification;

/// <summary>A label as the rows show it, one after the other: which of them have it, and how many are of each class.</summary>
internal abstract class SeenLabel(LabelColumn label)
{
    /// <summary>The label's column.</summary>
    public string Name => Label.Name;

    /// <summary>How many training rows are of each class, or have each tag.</summary>
    public long[] Counts { get; } = new long[label.ClassCount];

    /// <summary>The label.</summary>
    protected LabelColumn Label { get; } = label;

    /// <summary>Reads a row's label.</summary>
    /// <returns>Whether the row has one.</returns>
    /// <exception cref="InvalidDataException">It cannot be used; the message names the row.</exception>
    public abstract bool Read(RowReader row);

    /// <summary>Adds the label that was read to a digest, and counts it when it is for training.</summary>
    public abstract void Take(RowDigest digest, bool trains);

    /// <summary>Makes sure that the training rows differ in the label.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public abstract void RequireDifference(ComponentHost host);

    /// <param name="label">The label.</param>
    /// <param name="columns">The columns that are read.</param>
    public static SeenLabel Of(LabelColumn label, IReadOnlyList<BoundColumn> columns)
    {
        int index = columns.Select((c, i) => (c.Name, i)).First(c => c.Name == label.Name).i;
        return label.IsMultiLabel ? new SeenTags(label, index) : new SeenKey(label, index);
    }
}
