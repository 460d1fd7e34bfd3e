using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>Rows of classes that lie around different points.</summary>
public static class Blobs
{
    public static readonly string[] Classes = ["ant", "bee", "cat"];

    /// <summary>Dense rows, the classes in turn.</summary>
    public static LabelledRow[] Dense(int rows, int width = LabelledRow.Width, int seed = 3, double noise = 0.5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(i => new LabelledRow
        {
            Class = Classes[i % Classes.Length],
            Features = new VBuffer<float>(width, [.. Enumerable.Range(0, width)
                .Select(j => (float)((j % Classes.Length == i % Classes.Length ? 2 : 0) + noise * Normal(random)))]),
        })];
    }

    /// <summary>Rows with few slots that are not 0; those of a class come mostly from its own slots.</summary>
    public static LabelledRow[] Sparse(int rows, int width, int entries = 6, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            int[] slots = [.. Enumerable.Range(0, entries)
                .Select(_ => random.NextDouble() < 0.8 ? random.Next(width / 3) * 3 + i % 3 : random.Next(width)).Distinct().Order()];
            float[] values = [.. slots.Select(_ => 1 + random.NextSingle())];
            return new LabelledRow { Class = Classes[i % 3], Features = new VBuffer<float>(width, slots.Length, values, slots) };
        })];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
