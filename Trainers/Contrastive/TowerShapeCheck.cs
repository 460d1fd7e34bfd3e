using MLNetExt.Columns;
using MLNetExt.Torch;

namespace MLNetExt.Contrastive;

/// <summary>Makes sure that a tower's shape in a model was not damaged or made up, before anything of its size is allocated.</summary>
internal static class TowerShapeCheck
{
    private const int MaxLayers = 1024;
    private const int MaxPixels = 1 << 24;

    /// <exception cref="InvalidDataException">A value is out of range, or the weights are fewer than the shape needs.</exception>
    public static void Require(TowerShape shape, SafetensorsReader weights)
    {
        long stored = weights.Entries.Sum(e => e.Shape.Aggregate(1L, (product, size) => product * size));
        bool isImage = shape.Input == ColumnKind.Image, isVector = shape.Input == ColumnKind.Vector;
        Require(!string.IsNullOrEmpty(shape.Column), nameof(shape.Column));
        Require(!string.IsNullOrEmpty(shape.OutputColumn), nameof(shape.OutputColumn));
        Require(TowerChoice.CanRead(shape.Kind, shape.Input), nameof(shape.Kind));
        Require(shape.EmbeddingSize >= 1 && shape.EmbeddingSize <= stored, nameof(shape.EmbeddingSize));
        Require(isVector ? shape.InputWidth >= 1 && shape.InputWidth <= stored : shape.InputWidth == 1, nameof(shape.InputWidth));
        Require(isVector || !shape.IsSparse, nameof(shape.IsSparse));
        Require(isImage ? shape.ImageHeight is >= 1 and <= short.MaxValue : shape.ImageHeight == 0, nameof(shape.ImageHeight));
        Require(isImage ? shape.ImageWidth is >= 1 and <= short.MaxValue : shape.ImageWidth == 0, nameof(shape.ImageWidth));
        Require((long)shape.ImageHeight * shape.ImageWidth <= MaxPixels, nameof(shape.ImageWidth));
        Require(shape.Input == ColumnKind.Tokens == shape.Tokens is not null, nameof(shape.Tokens));
        Require(shape.Tokens is null || shape.Tokens.IsConsistent(), nameof(shape.Tokens));
        Require(shape.Width >= 1, nameof(shape.Width));
        Require(shape.Depth is >= 1 and <= MaxLayers, nameof(shape.Depth));
        Require(shape.Heads >= 1, nameof(shape.Heads));
        Require(shape.PatchSize >= 1, nameof(shape.PatchSize));
        Require(shape.MaxTokens >= 1, nameof(shape.MaxTokens));
        Require(shape.HashBits is >= 8 and <= 24, nameof(shape.HashBits));
        Require(shape.Dropout is >= 0 and < 1, nameof(shape.Dropout));
        Require(shape.ShiftPixels >= 0, nameof(shape.ShiftPixels));
        Require(shape.Kind == TowerKind.Custom == shape.Network is not null, nameof(shape.Network));
        Require(shape.Kind == TowerKind.Encoder == shape.Encoder is not null, nameof(shape.Encoder));
        Require(shape.Encoder is null || (shape.Tokens!.VocabularySize <= shape.Encoder.VocabularySize && shape.MaxTokens <= shape.Encoder.ContextLength), nameof(shape.Encoder));
        Require(Enum.IsDefined(shape.Pooling), nameof(shape.Pooling));
        Require(shape.ScoringBlockSize is >= 1 and <= SigmoidContrastiveOptions.MaxScoringBlockSize, nameof(shape.ScoringBlockSize));
        Require(Enum.IsDefined(shape.UnusableRows), nameof(shape.UnusableRows));
        try
        {
            TowerFactory.Check(shape);
            Require(TowerFactory.WeightCount(shape) is not { } needed || needed <= stored, nameof(shape.Width));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"The model is damaged: there is no tower of its sizes ({e.Message}).");
        }
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its tower's {member} cannot be.");
    }
}
