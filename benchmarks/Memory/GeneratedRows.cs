using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Benchmarks;

/// <summary>Rows of 100 features and one of four labels, computed while they are read: the same each time, held nowhere.</summary>
internal sealed class GeneratedRows
{
    public const int FeatureCount = 100;
    public const int Classes = 4;

    [KeyType(Classes)]
    public uint Label { get; private set; }

    [VectorType(FeatureCount)]
    public float[] Features { get; } = new float[FeatureCount];

    public static IDataView View(MLContext context, int rows) => context.Data.LoadFromEnumerable(Generate(rows));

    private static IEnumerable<GeneratedRows> Generate(int rows)
    {
        // One object serves all rows: ML.NET copies from it what it needs.
        var row = new GeneratedRows();
        for (int i = 0; i < rows; i++)
        {
            row.Draw((uint)i);
            yield return row;
        }
    }

    /// <summary>Uniform noise in [-1, 1) from a linear congruential generator that starts at the row's number; the largest
    /// of the first four features is the label.</summary>
    private void Draw(uint row)
    {
        uint state = row * 2654435761u + 1;
        for (int i = 0; i < FeatureCount; i++)
        {
            state = state * 1664525u + 1013904223u;
            Features[i] = (state >> 8) * (2f / (1 << 24)) - 1;
        }

        Label = 1 + (uint)System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(Features.AsSpan(0, Classes));
    }
}
