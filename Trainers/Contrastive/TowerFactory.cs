using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Builds the tower of a shape, and tells how many weights it will have.</summary>
internal static class TowerFactory
{
    /// <summary>Builds a tower; the caller owns it.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="scaler">Brings vectors to one scale, owned by the tower; null to leave them as they are.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped.</param>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    public static Tower Create(TowerShape shape, FeatureScaler? scaler, Generator generator) => (shape.Kind, shape.Input) switch
    {
        (TowerKind.ResNet, _) => new ResNetTower(ResNet(shape), ImageScaler.Fixed(), generator),
        (TowerKind.VisionTransformer, _) => new VitTower(Vision(shape), ImageScaler.Fixed(), generator),
        (TowerKind.TextTransformer, _) => new TextTower(Text(shape), generator),
        (TowerKind.Encoder, _) => new EncoderTower(shape.Encoder!, shape.Pooling, EncoderColumns.PadIdOf(shape.Tokens), shape.EmbeddingSize, generator),
        (TowerKind.HashingBag, _) => new HashingBagTower(Bag(shape), generator),
        (TowerKind.Custom, ColumnKind.Image) => UserTower.ForImages(Factory(shape), shape.ImageHeight, shape.ImageWidth, shape.EmbeddingSize, generator, shape.FlipImages, shape.ShiftPixels),
        (TowerKind.Custom, ColumnKind.Tokens) => UserTower.ForTokens(Factory(shape), shape.Tokens!.VocabularySize, shape.EmbeddingSize, generator),
        (TowerKind.Custom, _) => new VectorTower(Factory(shape), shape.InputWidth, shape.EmbeddingSize, scaler ?? Unscaled(shape), generator),
        _ => new VectorTower(Vector(shape), scaler ?? Unscaled(shape), generator),
    };

    /// <summary>Builds a tower to train; the caller owns it.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="options">What it begins with.</param>
    /// <param name="statistics">What its vectors are like; null for other inputs.</param>
    /// <param name="generator">Draws the initial weights, then what is dropped.</param>
    public static Tower Create(TowerShape shape, TowerOptions options, FeatureStatistics? statistics, Generator generator)
    {
        Tower tower = Create(shape, options.Standardize ? Scaler(shape, statistics) : null, generator);
        if (tower is EncoderTower encoder)
            options.Encoder?.Model.CopyTo(encoder.Encoder);
        return tower;
    }

    /// <summary>What brings vectors to one scale; null for a tower that takes its input as it is.</summary>
    /// <param name="shape">The tower's shape.</param>
    /// <param name="statistics">What the vectors are like; null for other inputs.</param>
    private static FeatureScaler? Scaler(TowerShape shape, FeatureStatistics? statistics)
    {
        if (statistics is null || shape.Kind is not (TowerKind.Mlp or TowerKind.Linear))
            return null;
        (float[] shift, float[] scale) = shape.IsSparse ? (new float[shape.InputWidth], statistics.MaxAbsScale()) : statistics.Standard();
        return new FeatureScaler(tensor(shift), tensor(scale));
    }

    /// <summary>A tower that passes vectors of that length on as they are.</summary>
    public static Tower Identity(int size, Generator generator) =>
        new VectorTower(new VectorTowerOptions(size, HiddenSizes: null, size), FeatureScaler.Identity(size), generator);

    /// <summary>The number of weights, scalers aside; null when a user's network decides.</summary>
    public static Int128? WeightCount(TowerShape shape) => shape.Kind switch
    {
        TowerKind.ResNet => ResNet(shape).WeightCount,
        TowerKind.VisionTransformer => Vision(shape).WeightCount,
        TowerKind.TextTransformer => Text(shape).WeightCount,
        TowerKind.Encoder => EncoderTower.WeightCount(shape.Encoder!, shape.EmbeddingSize),
        TowerKind.HashingBag => Bag(shape).WeightCount,
        TowerKind.Custom => null,
        _ => Vector(shape).WeightCount,
    };

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static void Check(TowerShape shape)
    {
        switch (shape.Kind)
        {
            case TowerKind.ResNet:
                ResNet(shape).Check();
                break;
            case TowerKind.VisionTransformer:
                Vision(shape).Check();
                break;
            case TowerKind.TextTransformer:
                Text(shape).Transformer.Check();
                break;
            case TowerKind.Encoder:
                shape.Encoder!.Check();
                break;
            case TowerKind.HashingBag:
                Bag(shape).Check();
                break;
            case TowerKind.Custom:
                break;
            default:
                Vector(shape).Check();
                break;
        }
    }

    private static INetworkFactory Factory(TowerShape shape) => shape.Network!.Create<INetworkFactory>();

    private static FeatureScaler Unscaled(TowerShape shape) => FeatureScaler.Identity(shape.InputWidth);

    private static VectorTowerOptions Vector(TowerShape shape)
    {
        int[]? hidden = shape.Kind switch
        {
            TowerKind.Identity => null,
            TowerKind.Linear => [],
            _ => [.. Enumerable.Repeat(shape.Width, shape.Depth)],
        };
        return new VectorTowerOptions(shape.InputWidth, hidden, shape.EmbeddingSize, Dropout: shape.Dropout);
    }

    private static ResNetOptions ResNet(TowerShape shape) => new(
        shape.ImageHeight, shape.ImageWidth, shape.Width, shape.Depth, shape.EmbeddingSize, Flip: shape.FlipImages, Shift: shape.ShiftPixels, Dropout: shape.Dropout);

    private static VitTowerOptions Vision(TowerShape shape) =>
        new(shape.ImageHeight, shape.ImageWidth, shape.PatchSize, shape.EmbeddingSize, Transformer(shape), shape.FlipImages, shape.ShiftPixels);

    private static TextTowerOptions Text(TowerShape shape) =>
        new(shape.Tokens!.VocabularySize, shape.MaxTokens, shape.EmbeddingSize, Transformer(shape));

    private static HashingBagTowerOptions Bag(TowerShape shape) => new(shape.HashBits, shape.Width, shape.EmbeddingSize, Dropout: shape.Dropout);

    private static TransformerOptions Transformer(TowerShape shape) => new(shape.Width, shape.Depth, shape.Heads, Dropout: shape.Dropout);
}
