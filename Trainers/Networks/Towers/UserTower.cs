using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A user's network over an image or token column. One over vectors is a <see cref="VectorTower"/>'s.</summary>
internal sealed class UserTower : Tower
{
    private readonly nn.Module<Tensor, Tensor> network;
    private readonly ImageJitter? jitter;
    private readonly int? _vocabularySize;

    private UserTower(nn.Module<Tensor, Tensor> network, ImageJitter? jitter, int? vocabularySize)
        : base(nameof(UserTower))
    {
        this.network = network;
        this.jitter = jitter;
        _vocabularySize = vocabularySize;
        RegisterComponents();
    }

    /// <summary>A tower over images, which the network gets as float32 <c>[rows, 3, height, width]</c> in [0, 1]; its input size is 3 * height * width.</summary>
    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public static UserTower ForImages(INetworkFactory factory, int height, int width, int embeddingSize, Generator generator, bool flip = false, int shift = 0) => new(
        SeededNetwork.Create(factory, checked(3 * height * width), embeddingSize, generator, () => zeros(2, 3, height, width)),
        new ImageJitter(flip, shift, generator),
        vocabularySize: null);

    /// <summary>A tower over tokens, which the network gets as int64 <c>[rows, longest]</c>, shorter rows filled up with 0; its input size is that of the vocabulary.</summary>
    /// <exception cref="InvalidOperationException">The factory made nothing, or a network of the wrong output size.</exception>
    public static UserTower ForTokens(INetworkFactory factory, int vocabularySize, int embeddingSize, Generator generator) => new(
        SeededNetwork.Create(factory, vocabularySize, embeddingSize, generator, () => zeros(2, 3, ScalarType.Int64)), jitter: null, vocabularySize);

    /// <summary>Float32 <c>[rows, embedding size]</c>, in the caller's dispose scope; a missing image's row is NaN.</summary>
    /// <exception cref="ArgumentException">A token id is not in the vocabulary.</exception>
    public override Tensor Forward(TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        if (_vocabularySize is { } size)
        {
            Tensor ids = batch.Tokens(column).Ids;
            Vocabulary.RequireIds(ids, $"Column '{column}'", size);
            return network.forward(ids).MoveToOuterDisposeScope();
        }

        ImageRows images = batch.Images(column);
        Tensor pixels = jitter!.forward(images.Pixels).to(ScalarType.Float32).div_(255);
        return (network.forward(pixels) + images.NaNWhereMissing()).MoveToOuterDisposeScope();
    }
}
