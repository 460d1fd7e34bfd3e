using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Attention as it is written in the papers, number by number.</summary>
internal static class AttentionFormula
{
    public static double[,,] Of(Attention attention, double[,,] x, int heads, bool causal, int[] lengths, double? theta)
    {
        Dictionary<string, Tensor> weights = attention.state_dict();
        int rows = x.GetLength(0), length = x.GetLength(1), width = x.GetLength(2), size = width / heads;
        double[,,] projected = Linear(x, weights["input.weight"], weights["input.bias"]);
        var mixed = new double[rows, length, width];
        for (int row = 0; row < rows; row++)
        {
            for (int head = 0; head < heads; head++)
            {
                double Part(int part, int token, int k) => projected[row, token, part * width + head * size + k];
                double Turned(int part, int token, int k)
                {
                    if (theta is null)
                        return Part(part, token, k);
                    int half = size / 2, pair = k % half;
                    double angle = token * Math.Pow(theta.Value, -2.0 * pair / size);
                    double a = Part(part, token, pair), b = Part(part, token, pair + half);
                    return k < half ? a * Math.Cos(angle) - b * Math.Sin(angle) : a * Math.Sin(angle) + b * Math.Cos(angle);
                }

                for (int i = 0; i < lengths[row]; i++)
                {
                    int seen = causal ? i + 1 : lengths[row];
                    double[] scores = [.. Enumerable.Range(0, seen).Select(j =>
                        Math.Exp(Enumerable.Range(0, size).Sum(k => Turned(0, i, k) * Turned(1, j, k)) / Math.Sqrt(size)))];
                    for (int k = 0; k < size; k++)
                        mixed[row, i, head * size + k] = Enumerable.Range(0, seen).Sum(j => scores[j] * Part(2, j, k)) / scores.Sum();
                }
            }
        }

        return Linear(mixed, weights["output.weight"], weights["output.bias"]);
    }

    private static double[,,] Linear(double[,,] x, Tensor weight, Tensor bias)
    {
        double[] w = [.. weight.data<double>()], b = [.. bias.data<double>()];
        var y = new double[x.GetLength(0), x.GetLength(1), b.Length];
        for (int row = 0; row < y.GetLength(0); row++)
        {
            for (int token = 0; token < y.GetLength(1); token++)
            {
                for (int o = 0; o < b.Length; o++)
                    y[row, token, o] = b[o] + Enumerable.Range(0, x.GetLength(2)).Sum(i => x[row, token, i] * w[i * b.Length + o]);
            }
        }

        return y;
    }
}
