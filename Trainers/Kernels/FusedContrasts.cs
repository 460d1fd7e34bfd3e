using System.Numerics;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Computes the contrasts of rows of logits on the CPU, and then leaves the logits to another kernel.</summary>
/// <param name="contrasts">Receives them.</param>
/// <param name="targets">Of the rows.</param>
/// <param name="next">The other kernel.</param>
internal sealed class FusedContrasts(TokenContrasts contrasts, TokenTargets targets, IHeadRows next) : IHeadRows
{
    public double Run(Tensor logits, long start, bool wantsGradient)
    {
        if (logits.dtype == ScalarType.Float32)
            Find<float>(logits, (int)start);
        else
            Find<double>(logits, (int)start);
        return next.Run(logits, start, wantsGradient);
    }

    private unsafe void Find<T>(Tensor logits, int first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = checked((int)logits.shape[1]);
        var address = TensorMemory.Address<T>(logits);
        RowBlocks.Sum(checked((int)logits.shape[0]), columns, Block);
        GC.KeepAlive(logits);

        int Block(int start, int end)
        {
            var ids = new int[contrasts.Candidates];
            var values = new T[contrasts.Candidates];
            var candidates = new double[contrasts.Candidates];
            for (int i = start; i < end; i++)
            {
                int number = contrasts.Number(first + i), own = targets.Ids[first + i];
                if (number < 0)
                    continue;
                var row = new ReadOnlySpan<T>(address + (long)i * columns, columns);
                int count = TopLogits.Find(row, own, contrasts.IsExcluded, ids, values);
                for (int c = 0; c < count; c++)
                    candidates[c] = double.CreateTruncating(values[c]);
                contrasts.Set(number, ids.AsSpan(0, count), candidates.AsSpan(0, count), double.CreateTruncating(row[own]));
            }

            return 0;
        }
    }
}
