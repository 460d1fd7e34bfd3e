using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Kernels;

/// <summary>Checked embeddings of two towers, temperature and bias. Half precision has become single precision.</summary>
internal sealed class ContrastiveBatch
{
    /// <summary>Checks a batch. The tensors made here belong to the caller's dispose scope.</summary>
    /// <exception cref="ArgumentException">A shape, element type or device is wrong.</exception>
    public ContrastiveBatch(Tensor left, Tensor right, Tensor logScale, Tensor bias)
    {
        CheckEmbeddings(left, nameof(left));
        CheckEmbeddings(right, nameof(right));
        if (left.shape[1] != right.shape[1])
            throw new ArgumentException($"left is {Shape(left)}, right is {Shape(right)}; embeddings of both towers need the same number of dimensions.", nameof(right));
        if (left.dtype != right.dtype)
            throw new ArgumentException($"left is {left.dtype}, right is {right.dtype}; convert one, so that both have the same element type.", nameof(right));
        if (left.device_type != right.device_type || left.device_index != right.device_index)
            throw new ArgumentException($"left is on {left.device}, right on {right.device}; move them to one device.", nameof(right));
        CheckScalar(logScale, nameof(logScale));
        CheckScalar(bias, nameof(bias));
        (Left, Right, LogScale, Bias) = (Single(left), Single(right), logScale, bias);
        RowCount = checked((int)left.shape[0]);
        ColumnCount = checked((int)right.shape[0]);
    }

    /// <summary><c>[n, d]</c>.</summary>
    public Tensor Left { get; }

    /// <summary><c>[m, d]</c>.</summary>
    public Tensor Right { get; }

    /// <summary>t′.</summary>
    public Tensor LogScale { get; }

    /// <summary>b.</summary>
    public Tensor Bias { get; }

    /// <summary>n.</summary>
    public int RowCount { get; }

    /// <summary>m.</summary>
    public int ColumnCount { get; }

    /// <summary>t = exp(t′).</summary>
    public double Scale => Math.Exp(LogScale.ToDouble());

    /// <summary>Whether autograd wants the gradient of anything here.</summary>
    public bool IsDifferentiable
        => is_grad_enabled() && (Left.requires_grad || Right.requires_grad || LogScale.requires_grad || Bias.requires_grad);

    /// <summary>Whether the fused kernel can read this batch's cosines.</summary>
    public bool IsOnCpu => Left.device_type == DeviceType.CPU;

    /// <summary>The shape as messages give it.</summary>
    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static Tensor Single(Tensor embeddings)
        => embeddings.dtype is ScalarType.Float32 or ScalarType.Float64 ? embeddings : embeddings.to(ScalarType.Float32);

    private static void CheckEmbeddings(Tensor embeddings, string name)
    {
        ArgumentNullException.ThrowIfNull(embeddings, name);
        if (embeddings.dim() != 2)
            throw new ArgumentException($"{name} has the shape {Shape(embeddings)}; embeddings must be [rows, dimensions].", name);
        if (!embeddings.is_floating_point())
            throw new ArgumentException($"{name} is {embeddings.dtype}; embeddings must be floating point.", name);
    }

    private static void CheckScalar(Tensor scalar, string name)
    {
        ArgumentNullException.ThrowIfNull(scalar, name);
        if (scalar.numel() != 1)
            throw new ArgumentException($"{name} has the shape {Shape(scalar)}; it must be one number.", name);
        if (!scalar.is_floating_point())
            throw new ArgumentException($"{name} is {scalar.dtype}; it must be floating point.", name);
    }
}
