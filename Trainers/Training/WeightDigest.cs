using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>A digest of a network's weights, by which a resumed run knows again what it began with.</summary>
internal static class WeightDigest
{
    public static string Of(IEnumerable<Tensor> weights)
    {
        var digest = new RowDigest();
        foreach (Tensor tensor in weights)
        {
            using Tensor here = tensor.cpu(), whole = here.contiguous();
            digest.Add<byte>(whole.bytes);
        }

        return digest.ToString();
    }
}
