using System.Text.Json.Serialization;

namespace MLNetExt.Networks;

/// <summary>The shape of a <see cref="VitTower"/>.</summary>
/// <param name="Height">The height of the images in pixels; a multiple of <paramref name="PatchSize"/>.</param>
/// <param name="Width">Their width; a multiple of <paramref name="PatchSize"/>.</param>
/// <param name="PatchSize">The side of the square patches that an image is cut into.</param>
/// <param name="EmbeddingSize">The number of outputs.</param>
/// <param name="Transformer">The blocks between.</param>
/// <param name="Flip">Whether half of the training images are mirrored left to right.</param>
/// <param name="Shift">Training images are moved by up to so many pixels each way; their edges fill what opens.</param>
internal sealed record VitTowerOptions(int Height, int Width, int PatchSize, int EmbeddingSize, TransformerOptions Transformer, bool Flip = false, int Shift = 0)
{
    /// <summary>How many patches an image has.</summary>
    [JsonIgnore]
    public int PatchCount => checked(Height / PatchSize * (Width / PatchSize));

    /// <summary>The number of the tower's weights, the scaler aside.</summary>
    [JsonIgnore]
    public Int128 WeightCount
    {
        get
        {
            Int128 width = Transformer.Width, patch = PatchSize, patches = Height / patch * (Width / patch);
            return (3 * patch * patch + 1 + patches) * width + Transformer.WeightCount + 2 * width + (width + 1) * EmbeddingSize;
        }
    }

    /// <summary>Makes sure that there is a network of this shape.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or two do not go together.</exception>
    public void Check()
    {
        NetworkCheck.AtLeastOne(Height, nameof(Height));
        NetworkCheck.AtLeastOne(Width, nameof(Width));
        NetworkCheck.AtLeastOne(PatchSize, nameof(PatchSize));
        NetworkCheck.AtLeastOne(EmbeddingSize, nameof(EmbeddingSize));
        NetworkCheck.Require(
            Height % PatchSize == 0 && Width % PatchSize == 0,
            $"PatchSize is {PatchSize} and the images are {Width} x {Height} pixels: it must divide both; resize the images or choose another patch.");
        Transformer.Check();
    }
}
