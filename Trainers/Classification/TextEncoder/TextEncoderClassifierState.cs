using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Torch;

namespace MLNetExt.Classification;

/// <summary>What a saved text classifier holds beside its weights.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="Labels">The classes; null when the label's key has no values.</param>
/// <param name="Temperature">What logits are divided by before the softmax.</param>
internal sealed record TextEncoderClassifierState(EncoderState Encoder, int ClassCount, KeyValues? Labels, double Temperature)
{
    /// <summary>Makes sure that the state was not damaged or made up, before anything of its size is allocated; the encoder looks at its own.</summary>
    /// <param name="weights">The model's weights.</param>
    /// <param name="bias">Those of which there is one for each class.</param>
    /// <exception cref="InvalidDataException">A value is out of range.</exception>
    public void RequireSound(SafetensorsReader weights, string bias)
    {
        Require(Encoder is { Tokens: not null }, nameof(Encoder));
        Require(ClassCount >= 2 && weights[bias].Shape.SequenceEqual([ClassCount]), nameof(ClassCount));
        Require(Labels is null || Labels.Texts.Count == ClassCount, nameof(Labels));
        Require(Temperature > 0 && double.IsFinite(Temperature), nameof(Temperature));
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its {member} cannot be.");
    }
}
