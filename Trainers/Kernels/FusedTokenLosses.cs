using System.Numerics;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Cross-entropy of rows of logits on the CPU: loss and gradient, in the logits' place, while a row is in cache.</summary>
/// <param name="targets">Of the rows.</param>
/// <param name="losses">Receives the weighted loss of each row; null when the sum is enough.</param>
internal sealed class FusedTokenLosses(TokenTargets targets, Tensor? losses) : IHeadRows
{
    private static readonly CrossEntropyRow s_crossEntropy = new(0, null, 0);

    public double Run(Tensor logits, long start, bool wantsGradient)
        => logits.dtype == ScalarType.Float32 ? Run<float>(logits, (int)start) : Run<double>(logits, (int)start);

    private unsafe double Run<T>(Tensor logits, int first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = checked((int)logits.shape[1]);
        var values = TensorMemory.Address<T>(logits);
        var output = losses is null ? null : TensorMemory.Address<T>(losses);
        double sum = RowBlocks.Sum(checked((int)logits.shape[0]), columns, Block);
        GC.KeepAlive(logits);
        GC.KeepAlive(losses);
        return sum;

        double Block(int start, int end)
        {
            double total = 0;
            for (int i = start; i < end; i++)
            {
                var row = new Span<T>(values + (long)i * columns, columns);
                double loss = s_crossEntropy.Evaluate<T>(row, targets.Ids[first + i], targets.Weights?[first + i] ?? 1, row);
                if (output is not null)
                    output[first + i] = T.CreateTruncating(loss);
                total += loss;
            }

            return total;
        }
    }
}
