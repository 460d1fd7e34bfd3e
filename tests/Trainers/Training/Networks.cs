using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Tests.Training;

internal static class Networks
{
    public static Module<Tensor, Tensor> Line(ScalarType dtype = ScalarType.Float32)
    {
        var line = Linear(3, 1, dtype: dtype);
        using var _ = no_grad();
        line.weight!.copy_(tensor([0.1, 0.2, -0.3], dtype: dtype).view(1, 3));
        line.bias!.zero_();
        return line;
    }

    /// <summary>Matrices, biases and batch-norm buffers, the same values each time.</summary>
    public static Module<Tensor, Tensor> WithBatchNorm()
    {
        var network = Sequential(("in", Linear(3, 5)), ("norm", BatchNorm1d(5)), ("act", ReLU()), ("out", Linear(5, 1)));
        using var _ = no_grad();
        using var generator = new Generator(3, CPU);
        foreach (var (_, p) in network.named_parameters().Where(p => !p.name.StartsWith("norm", StringComparison.Ordinal)))
        {
            using Tensor values = randn(p.shape, generator: generator);
            p.copy_(values.mul_(0.5));
        }
        return network;
    }

    public static byte[] Bytes(Module network) =>
        [.. network.state_dict().OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.bytes.ToArray())];

    public static float[] Values(Module network) =>
        [.. network.parameters().SelectMany(p => p.data<float>().ToArray())];
}
