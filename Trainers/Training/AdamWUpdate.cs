using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>One AdamW update with its factors.</summary>
/// <param name="Keep">What decay leaves of a weight.</param>
/// <param name="Size">The learning rate over the mean's bias correction.</param>
/// <param name="Scale">The square root of the squared mean's bias correction.</param>
/// <param name="Beta1">Decay of the mean.</param>
/// <param name="Beta2">Decay of the squared mean.</param>
/// <param name="Epsilon">Added to the denominator.</param>
internal readonly record struct AdamWUpdate(double Keep, double Size, double Scale, double Beta1, double Beta2, double Epsilon)
{
    // Below this the tasks cost more than the second core brings.
    private const int MinParallelLength = 1 << 18;

    public void Apply(Tensor value, Tensor gradient, Tensor mean, Tensor square)
    {
        if (value.device_type == DeviceType.CPU && value.dtype == ScalarType.Float32 && value.numel() <= int.MaxValue / sizeof(float))
        {
            ApplyFused(value, gradient, mean, square);
        }
        else
        {
            ApplyByTorch(value, gradient, mean, square);
        }
    }

    internal void ApplyByTorch(Tensor value, Tensor gradient, Tensor mean, Tensor square)
    {
        value.mul_(Keep);
        mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        square.mul_(Beta2).addcmul_(gradient, gradient, value: 1 - Beta2);
        value.addcdiv_(mean, square.sqrt().div_(Scale).add_(Epsilon), value: -Size);
    }

    /// <summary>The same update in one pass over memory where libtorch makes nine.</summary>
    private unsafe void ApplyFused(Tensor value, Tensor gradient, Tensor mean, Tensor square)
    {
        int length = (int)value.numel();
        fixed (float* v = Floats(value), g = Floats(gradient), m = Floats(mean), s = Floats(square))
        {
            int threads = length < MinParallelLength ? 1 : get_num_threads();
            if (threads == 1)
            {
                ApplyFused(new Span<float>(v, length), new(g, length), new(m, length), new(s, length));
                return;
            }
            var (update, pv, pg, pm, ps) = (this, (nint)v, (nint)g, (nint)m, (nint)s);
            int chunk = (length + threads - 1) / threads;
            Parallel.For(0, threads, t =>
            {
                int start = t * chunk, count = Math.Min(chunk, length - start);
                update.ApplyFused(
                    new Span<float>((float*)pv + start, count), new((float*)pg + start, count),
                    new((float*)pm + start, count), new((float*)ps + start, count));
            });
        }
    }

    private void ApplyFused(Span<float> value, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        var (keep, size, scale) = ((float)Keep, (float)Size, (float)(1 / Scale));
        var (beta1, beta2, epsilon) = ((float)Beta1, (float)Beta2, (float)Epsilon);
        var (rest1, rest2) = ((float)(1 - Beta1), (float)(1 - Beta2));
        int i = 0;
        for (; i <= value.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            var m = new Vector<float>(mean[i..]) * beta1 + g * rest1;
            var s = new Vector<float>(square[i..]) * beta2 + g * g * rest2;
            var v = new Vector<float>(value[i..]) * keep - m * size / (Vector.SquareRoot(s) * scale + new Vector<float>(epsilon));
            m.CopyTo(mean[i..]);
            s.CopyTo(square[i..]);
            v.CopyTo(value[i..]);
        }
        for (; i < value.Length; i++)
        {
            float g = gradient[i];
            float m = mean[i] = mean[i] * beta1 + g * rest1;
            float s = square[i] = square[i] * beta2 + g * g * rest2;
            value[i] = value[i] * keep - m * size / (MathF.Sqrt(s) * scale + epsilon);
        }
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
