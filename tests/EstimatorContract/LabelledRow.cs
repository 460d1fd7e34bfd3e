using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>A row of features for a classifier.</summary>
public sealed class LabelledRow : IClassRow
{
    /// <summary>The slots of <see cref="Features"/> unless a schema says otherwise.</summary>
    public const int Width = 6;

    /// <inheritdoc/>
    public string Class { get; set; } = "";

    [VectorType(Width)]
    public VBuffer<float> Features { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>The same row with its features as a list of their slots that are not 0.</summary>
    public LabelledRow AsSparse()
    {
        (int Slot, float Value)[] items = [.. Features.Items().Where(i => i.Value != 0).Select(i => (i.Key, i.Value))];
        return With(new VBuffer<float>(Features.Length, items.Length, [.. items.Select(i => i.Value)], [.. items.Select(i => i.Slot)]));
    }

    /// <summary>The same row with every slot filled.</summary>
    public LabelledRow AsDense() => With(new VBuffer<float>(Features.Length, [.. Features.DenseValues()]));

    /// <summary>Sets one slot of a dense or sparse row.</summary>
    public void Set(int slot, float value)
    {
        float[] values = [.. Features.DenseValues()];
        values[slot] = value;
        Features = Features.IsDense ? new(values.Length, values) : With(new VBuffer<float>(values.Length, values)).AsSparse().Features;
    }

    private LabelledRow With(VBuffer<float> features) => new() { Class = Class, Weight = Weight, Features = features };
}
