using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>A checked batch: logits as <c>[B, C]</c>, and targets and weights where the CPU can read them.</summary>
internal sealed class ClassificationRows
{
    private readonly long _ignoreIndex;
    private readonly Tensor _targets;
    private readonly Tensor? _rowWeights;
    private Tensor? _countedTargets;
    private Tensor? _countedLogits;

    /// <summary>Checks and flattens a batch. The tensors made here belong to the caller's dispose scope.</summary>
    /// <exception cref="ArgumentException">A shape, element type, target or weight is wrong.</exception>
    public ClassificationRows(Tensor logits, Tensor targets, Tensor? rowWeights, double[]? classWeights, long ignoreIndex)
    {
        CheckShapes(logits, targets, rowWeights, classWeights);
        _ignoreIndex = ignoreIndex;
        Classes = checked((int)logits.shape[1]);
        Count = checked((int)targets.numel());
        Logits = Flatten(logits);
        _targets = targets.dim() == 1 ? targets : targets.reshape(-1);
        _rowWeights = rowWeights?.detach().reshape(-1);
        var read = new RowTargets(_targets, _rowWeights, Classes, "classes", ignoreIndex);
        (Targets, RowWeights) = (read.Ids, read.Weights);
        Weight = SumWeights(classWeights);
    }

    /// <summary><c>[B, C]</c>.</summary>
    public Tensor Logits { get; }

    /// <summary>The class of every row, −1 for rows that do not count: ignored, or of weight 0.</summary>
    public int[] Targets { get; }

    /// <summary>What each row counts; null when all count 1.</summary>
    public double[]? RowWeights { get; }

    /// <summary>B.</summary>
    public int Count { get; }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>The sum over valid rows of row weight × class weight.</summary>
    public double Weight { get; }

    /// <summary>Int64 <c>[B]</c> on the device of the logits: the ignore index for every row that does not count.</summary>
    public Tensor TargetTensor
        => _countedTargets ??= _rowWeights is null ? _targets : _targets.FillWhere(_rowWeights.eq(0), _ignoreIndex);

    /// <summary>Bool <c>[B]</c>: the rows that do not count.</summary>
    public Tensor Ignored => TargetTensor.eq(_ignoreIndex);

    /// <summary>Int64 <c>[B, 1]</c>: the targets, with 0 in ignored rows so that they can index.</summary>
    public Tensor TargetColumn => TargetTensor.FillWhere(Ignored, 0).unsqueeze(1);

    /// <summary>The logits with 0 in rows that do not count: what stands there, NaN even, reaches no gradient.</summary>
    public Tensor CountedLogits
        => _countedLogits ??= Array.IndexOf(Targets, -1) < 0 ? Logits : Logits.FillWhere(Ignored.unsqueeze(1), 0);

    /// <summary>The sum of squares <c>[B]</c> of all logits but the target's.</summary>
    /// <remarks>Never the sum of all minus the target's square: that loses every digit when the target's logit is large.</remarks>
    public Tensor WrongSquares()
    {
        var column = TargetColumn;
        return CountedLogits.scatter(1, column, zeros_like(column, dtype: Logits.dtype)).square().sum(1);
    }

    private static Tensor Flatten(Tensor logits)
    {
        if (logits.dim() > 2)
            logits = logits.movedim([1], [-1]).reshape(-1, logits.shape[1]);
        return logits.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? logits.to(ScalarType.Float32) : logits;
    }

    /// <summary>Marks rows of weight 0 as not counting, and adds up what the others count.</summary>
    private double SumWeights(double[]? classWeights)
    {
        double sum = 0;
        for (int row = 0; row < Targets.Length; row++)
        {
            int target = Targets[row];
            if (target < 0)
                continue;
            double weight = RowWeights is null ? 1 : RowWeights[row];
            sum += classWeights is null ? weight : weight * classWeights[target];
            if (weight == 0)
                Targets[row] = -1;
        }

        return sum;
    }

    private static void CheckShapes(Tensor logits, Tensor targets, Tensor? rowWeights, double[]? classWeights)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        var shape = logits.shape;
        if (shape.Length < 2)
            throw new ArgumentException($"Logits have the shape {Shape(shape)}; they must be [B, C], or [B, C, ...].", nameof(logits));
        if (!logits.is_floating_point())
            throw new ArgumentException($"Logits are {logits.dtype}; they must be floating point.", nameof(logits));
        if (shape[1] < 2)
            throw new ArgumentException($"Logits have the shape {Shape(shape)}; there must be at least 2 classes. For one logit s of a two-class problem pass (-s/2, +s/2).", nameof(logits));
        if (targets.dtype != ScalarType.Int64)
            throw new ArgumentException($"Targets are {targets.dtype}; they must be int64 class indices.", nameof(targets));
        if (targets.device_type != logits.device_type || targets.device_index != logits.device_index)
            throw new ArgumentException($"Targets are on {targets.device}, logits on {logits.device}; move them to one device.", nameof(targets));

        long[] rows = [shape[0], .. shape[2..]];
        if (!targets.shape.SequenceEqual(rows))
            throw new ArgumentException($"Targets have the shape {Shape(targets.shape)}; for logits {Shape(shape)} it must be {Shape(rows)}.", nameof(targets));
        if (rowWeights is not null && !rowWeights.shape.SequenceEqual(rows))
            throw new ArgumentException($"Row weights have the shape {Shape(rowWeights.shape)}; for logits {Shape(shape)} it must be {Shape(rows)}.", nameof(rowWeights));
        if (rowWeights is not null && !rowWeights.is_floating_point())
            throw new ArgumentException($"Row weights are {rowWeights.dtype}; they must be floating point.", nameof(rowWeights));
        if (classWeights is not null && classWeights.Length != shape[1])
            throw new ArgumentException($"There are {classWeights.Length} class weights, but the logits {Shape(shape)} have {shape[1]} classes.", nameof(logits));
    }

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";
}
