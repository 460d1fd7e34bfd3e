using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Checked targets of rows, and what the rows count, where the CPU can read them.</summary>
internal sealed class RowTargets
{
    /// <summary>Reads them; from another device this is where the call waits for it.</summary>
    /// <param name="targets">Int64 <c>[n]</c>.</param>
    /// <param name="rowWeights">Any numbers or bool <c>[n]</c>; null when all rows count 1.</param>
    /// <param name="range">How many values a target can have.</param>
    /// <param name="valuesName">What messages call these values.</param>
    /// <param name="ignoreIndex">The target of rows to ignore.</param>
    /// <exception cref="ArgumentException">A target or weight is out of its range.</exception>
    public RowTargets(Tensor targets, Tensor? rowWeights, int range, string valuesName, long ignoreIndex)
    {
        var host = targets.cpu().contiguous();
        var values = MemoryMarshal.Cast<byte, long>(host.bytes);
        var hostWeights = rowWeights?.cpu().to(ScalarType.Float64).contiguous();
        Weights = hostWeights is null ? null : MemoryMarshal.Cast<byte, double>(hostWeights.bytes).ToArray();
        Ids = new int[values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            if (Weights is not null && !(Weights[row] >= 0 && double.IsFinite(Weights[row])))
                throw new ArgumentException($"The weight of row {row} is {Weights[row]}; row weights are finite and not negative.", nameof(rowWeights));
            if (values[row] == ignoreIndex)
            {
                Ids[row] = -1;
                continue;
            }

            if ((ulong)values[row] >= (ulong)range)
                throw new ArgumentException($"The target of row {row} is {values[row]}; {valuesName} run from 0 to {range - 1}, and {ignoreIndex} marks a row to ignore.", nameof(targets));
            Ids[row] = (int)values[row];
        }

        GC.KeepAlive(host);
        GC.KeepAlive(hostWeights);
    }

    /// <summary>The target of every row, −1 for ignored rows.</summary>
    public int[] Ids { get; }

    /// <summary>What each row counts; null when all count 1.</summary>
    public double[]? Weights { get; }
}
