using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Columns;

/// <summary>A row with token columns, made from its number.</summary>
public sealed class Sentence
{
    public const int MaxLength = 20;
    public const int FixedLength = 300;

    /// <summary>Ids of varying number, every seventh row without any.</summary>
    public VBuffer<int> Tokens { get; set; }

    /// <summary>Wider than what is taken for dense among vectors, and mostly zero.</summary>
    [VectorType(FixedLength)]
    public VBuffer<int> Fixed { get; set; }

    /// <summary>The row's number, by which tests recognise it.</summary>
    public double Number { get; set; }

    public static Sentence At(int row) => new()
    {
        Tokens = new VBuffer<int>(Ids(row).Length, Ids(row)),
        Fixed = new VBuffer<int>(FixedLength, 1, [row], [row % FixedLength]),
        Number = row,
    };

    public static int[] Ids(int row) => [.. Enumerable.Range(0, row % 7 == 0 ? 0 : row * 7919 % 31).Select(i => 1 + (row + i) % 1000)];

    /// <summary>What is left of a row's ids when they are cut.</summary>
    public static int[] CutIds(int row) => [.. Ids(row).Take(MaxLength)];

    public static IDataView Data(int rows) =>
        new MLContext(seed: 1).Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(At).ToArray());
}
