using System.Buffers;
using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Runs a row loss over a batch on the CPU: losses and gradient in one pass over the logits.</summary>
internal static class FusedRows
{
    /// <summary>Whether the kernel can read these logits; torch operations take the rest.</summary>
    public static bool Supports(Tensor logits) =>
        logits.device_type == DeviceType.CPU
        && logits.dtype is ScalarType.Float32 or ScalarType.Float64
        && logits.numel() * logits.element_size() <= int.MaxValue;

    /// <summary>The row losses <c>[B]</c> without row weights, or their weighted sum.</summary>
    public static Tensor Evaluate<TLoss>(TLoss loss, ClassificationRows rows, bool sum)
        where TLoss : struct, IRowLoss
        => rows.Logits.dtype == ScalarType.Float32
            ? Evaluate<TLoss, float>(loss, rows, sum)
            : Evaluate<TLoss, double>(loss, rows, sum);

    private static Tensor Evaluate<TLoss, T>(TLoss loss, ClassificationRows rows, bool sum)
        where TLoss : struct, IRowLoss
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var logits = rows.Logits.contiguous();
        bool differentiable = logits.requires_grad && is_grad_enabled();
        var gradient = differentiable ? empty_like(logits, requires_grad: false) : null;
        var losses = sum ? null : empty(rows.Count, dtype: logits.dtype);

        double total = Run<TLoss, T>(loss, rows, logits, gradient, losses);
        var value = losses ?? tensor(total, dtype: logits.dtype);
        return gradient is null ? value : FusedLoss.Attach(logits, value, gradient);
    }

    private static unsafe double Run<TLoss, T>(TLoss loss, ClassificationRows rows, Tensor logits, Tensor? gradient, Tensor? losses)
        where TLoss : struct, IRowLoss
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = rows.Classes;
        var input = TensorMemory.Address<T>(logits);
        var output = gradient is null ? null : TensorMemory.Address<T>(gradient);
        var lossOutput = losses is null ? null : TensorMemory.Address<T>(losses);
        var classes = rows.Targets;
        var weights = rows.RowWeights;

        double sum = RowBlocks.Sum(rows.Count, columns, Block);
        GC.KeepAlive(logits);
        GC.KeepAlive(gradient);
        GC.KeepAlive(losses);
        return sum;

        double Block(int start, int end)
        {
            var rented = output is null ? ArrayPool<T>.Shared.Rent(columns) : null;
            double total = 0;
            for (int i = start; i < end; i++)
            {
                var row = new ReadOnlySpan<T>(input + (long)i * columns, columns);
                var rowGradient = output is null ? rented.AsSpan(0, columns) : new Span<T>(output + (long)i * columns, columns);
                double rowLoss = 0;
                if (classes[i] < 0)
                    rowGradient.Clear();
                else
                    rowLoss = loss.Evaluate(row, classes[i], weights is null ? 1 : weights[i], rowGradient);

                total += rowLoss;
                if (lossOutput is not null)
                    lossOutput[i] = T.CreateTruncating(rowLoss);
            }

            if (rented is not null)
                ArrayPool<T>.Shared.Return(rented);
            return total;
        }
    }
}
