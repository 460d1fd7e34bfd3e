using System.Text.Json.Serialization;

namespace MLNetExt.Contrastive;

/// <summary>The network of a tower.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TowerKind>))]
public enum TowerKind
{
    /// <summary>By the column's type: a perceptron for vectors, a ResNet for images, a transformer for tokens, a hashing bag for text.</summary>
    Auto,

    /// <summary>Vectors as they are: nothing is trained on this side.</summary>
    Identity,

    /// <summary>Vectors through one linear layer.</summary>
    Linear,

    /// <summary>Vectors through a multi-layer perceptron.</summary>
    Mlp,

    /// <summary>Images through a small residual network (arXiv 1512.03385, 1603.05027) with group normalisation.</summary>
    ResNet,

    /// <summary>Images, cut into patches, through a transformer (arXiv 2010.11929).</summary>
    VisionTransformer,

    /// <summary>Tokens through a transformer encoder.</summary>
    TextTransformer,

    /// <summary>Text as a bag of hashed words and letter groups: for small data.</summary>
    HashingBag,

    /// <summary>The network of <see cref="TowerOptions.Network"/>.</summary>
    Custom,

    /// <summary>Tokens through the pre-trained encoder of <see cref="TowerOptions.Encoder"/>, and a linear layer.</summary>
    Encoder,
}
