using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>Embeddings, t′, b and labels.</summary>
internal sealed record PairBatch(Tensor Left, Tensor Right, Tensor LogScale, Tensor Bias, PairLabels? Labels = null)
{
    /// <summary>Unit-length random embeddings, positives on the diagonal.</summary>
    public static PairBatch Random(int rows, int columns, int dimensions, ScalarType dtype = ScalarType.Float64, int seed = 1, double bias = -3)
    {
        var generator = new Generator((ulong)seed);
        return new(
            UnitLength.Of(randn(rows, dimensions, dtype: dtype, generator: generator)),
            UnitLength.Of(randn(columns, dimensions, dtype: dtype, generator: generator)),
            tensor(Math.Log(10), dtype: dtype),
            tensor(bias, dtype: dtype));
    }

    /// <summary>Batches of one shape with every kind of labels.</summary>
    public static IEnumerable<(string Name, PairBatch Batch)> WithEveryKindOfLabels(int rows, int columns, ScalarType dtype = ScalarType.Float64, int seed = 1)
    {
        var plain = Random(rows, columns, 5, dtype, seed);
        var generator = new Generator((ulong)seed);
        Tensor left = randint(0, 4, rows, dtype: ScalarType.Int64, generator: generator), right = randint(0, 5, columns, dtype: ScalarType.Int64, generator: generator);
        Tensor matrix = rand(rows, columns, generator: generator) < 0.3, mask = rand(rows, columns, generator: generator) < 0.7;
        if (rows == columns)
        {
            yield return ("diagonal", plain);
            yield return ("masked diagonal", plain with { Labels = PairLabels.Diagonal(mask) });
        }

        yield return ("groups", plain with { Labels = PairLabels.OfGroups(left, right) });
        yield return ("masked groups", plain with { Labels = PairLabels.OfGroups(left, right, mask) });
        yield return ("matrix", plain with { Labels = PairLabels.OfMatrix(matrix) });
        yield return ("masked matrix", plain with { Labels = PairLabels.OfMatrix(matrix, mask) });
    }

    public PairBatch InDouble() => this with
    {
        Left = Left.to(ScalarType.Float64),
        Right = Right.to(ScalarType.Float64),
        LogScale = LogScale.to(ScalarType.Float64),
        Bias = Bias.to(ScalarType.Float64),
    };

    /// <summary>Some rows of the left side with some rows of the right side.</summary>
    public PairBatch Block((long Start, long End) rows, (long Start, long End) columns, PairLabels labels) => this with
    {
        Left = Left.slice(0, rows.Start, rows.End, 1),
        Right = Right.slice(0, columns.Start, columns.End, 1),
        Labels = labels,
    };
}
