using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Computes the contrasts of rows of logits by torch operations, on any device, and then leaves the logits to another
/// kernel.</summary>
/// <param name="contrasts">Receives them.</param>
/// <param name="targets">Of the rows.</param>
/// <param name="next">The other kernel.</param>
internal sealed class TorchContrasts(TokenContrasts contrasts, TokenTargets targets, IHeadRows next) : IHeadRows
{
    public double Run(Tensor logits, long start, bool wantsGradient)
    {
        int[] rows = [.. Enumerable.Range((int)start, (int)logits.shape[0]).Where(row => contrasts.Number(row) >= 0)];
        if (rows.Length > 0)
            Find(logits, start, rows);
        return next.Run(logits, start, wantsGradient);
    }

    private void Find(Tensor logits, long start, int[] rows)
    {
        using var scope = NewDisposeScope();
        var own = tensor(rows.Select(row => (long)targets.Ids[row]).ToArray(), device: logits.device).unsqueeze(1);
        var left = logits.index_select(0, tensor(rows.Select(row => row - start).ToArray(), device: logits.device));
        double[] ownLogits = Doubles(left.gather(1, own));
        Tensor never = full_like(own, double.NegativeInfinity, dtype: left.dtype);
        left.scatter_(1, own, never);
        if (contrasts.IsExcluded is not null)
            left.FillWhereInPlace(tensor(contrasts.IsExcluded, device: logits.device), double.NegativeInfinity);

        // torch.topk does not say how it orders equal logits; max takes the first.
        var (ids, values) = (new long[contrasts.Candidates][], new double[contrasts.Candidates][]);
        for (int c = 0; c < contrasts.Candidates; c++)
        {
            var (highest, at) = left.max(1, keepdim: true);
            (ids[c], values[c]) = (at.cpu().data<long>().ToArray(), Doubles(highest));
            left.scatter_(1, at, never);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            int count = values.Count(v => v[i] > double.NegativeInfinity);
            contrasts.Set(
                contrasts.Number(rows[i]), [.. ids.Take(count).Select(c => (int)c[i])], [.. values.Take(count).Select(v => v[i])], ownLogits[i]);
        }
    }

    private static double[] Doubles(Tensor values) => values.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
}
