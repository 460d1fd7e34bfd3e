using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contrastive;

/// <summary>A pair for the contract: two vectors and two texts.</summary>
public sealed class PairRow
{
    public const int LeftWidth = 6;
    public const int RightWidth = 4;

    [VectorType(LeftWidth)]
    public float[] Left { get; set; } = [];

    [VectorType(RightWidth)]
    public float[] Right { get; set; } = [];

    public string LeftText { get; set; } = "";

    public string RightText { get; set; } = "";

    /// <summary>Pairs whose sides are two views of one hidden point, and one hidden word.</summary>
    public static PairRow[] Many(int rows, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            double a = 2 * Math.PI * random.NextDouble(), b = 2 * random.NextDouble() - 1;
            return new PairRow
            {
                Left = [(float)Math.Cos(a), (float)Math.Sin(a), (float)b, (float)(a * b), (float)(b * b), random.NextSingle()],
                Right = [(float)Math.Cos(a + 1), (float)Math.Sin(a + 1), (float)-b, random.NextSingle()],
                LeftText = $"question number {i % 17} about {(char)('a' + (i % 23))}",
                RightText = $"answer {i % 17} {(char)('a' + (i % 23))}",
            };
        })];
    }
}
