using Microsoft.ML.Data;

namespace MLNetExt.Tests.Preference;

/// <summary>A pair of which the chosen side is the better one, by a hidden taste, and something to score.</summary>
public sealed class RewardRow
{
    public const int Width = 6;

    [VectorType(Width)]
    public float[] Chosen { get; set; } = [];

    [VectorType(Width)]
    public float[] Rejected { get; set; } = [];

    [VectorType(Width)]
    public float[] Features { get; set; } = [];

    public string ChosenText { get; set; } = "";

    public string RejectedText { get; set; } = "";

    public string Response { get; set; } = "";

    public float Margin { get; set; }

    /// <summary>How good something is: the truth that a model is to find.</summary>
    public static double Quality(float[] features) => 2 * features[0] - features[1] + 0.5 * features[2];

    /// <summary>Pairs in which nothing else decides.</summary>
    public static RewardRow[] Many(int rows, int seed = 3)
    {
        var random = new Random(seed);
        float[] Draw() => [.. Enumerable.Range(0, Width).Select(_ => (float)(2 * random.NextDouble() - 1))];
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            float[] one = Draw(), other = Draw();
            bool isBetter = Quality(one) > Quality(other);
            return new RewardRow
            {
                Chosen = isBetter ? one : other,
                Rejected = isBetter ? other : one,
                Features = Draw(),
                ChosenText = $"thank you, {(char)('a' + i % 23)} is fine number {i % 17}",
                RejectedText = $"go away, {(char)('a' + i % 19)} is bad number {i % 13}",
                Response = i % 2 == 0 ? $"thank you {i}" : $"go away {i}",
                Margin = i % 3 * 0.1f,
            };
        })];
    }
}
