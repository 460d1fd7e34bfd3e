using MLNetExt.LanguageModeling;
using MLNetExt.Torch;

namespace MLNetExt.Classification;

/// <summary>What a saved text classifier holds beside its weights.</summary>
/// <param name="Encoder">The encoder.</param>
/// <param name="Heads">The labels, the main one first.</param>
internal sealed record TextEncoderClassifierState(EncoderState Encoder, IReadOnlyList<TextClassifierHead> Heads)
{
    /// <summary>Makes sure that the state was not damaged or made up, before anything of its size is allocated; the encoder looks at its own.</summary>
    /// <exception cref="InvalidDataException">A value is out of range.</exception>
    public void RequireSound(SafetensorsReader weights)
    {
        Require(Encoder is { Tokens: not null }, nameof(Encoder));
        Require(Heads is { Count: > 0 } && Heads.All(head => !string.IsNullOrEmpty(head?.LabelColumn)) && Heads.DistinctBy(head => head.LabelColumn).Count() == Heads.Count, nameof(Heads));
        for (int i = 0; i < Heads!.Count; i++)
        {
            TextClassifierHead head = Heads[i];
            Require(head.ClassCount >= (head.IsMultiLabel ? 1 : 2) && weights[TextClassifierNetwork.HeadPrefix(i) + "bias"].Shape.SequenceEqual([head.ClassCount]), nameof(head.ClassCount));
            Require(head.Labels is null || head.Labels.Texts.Count == head.ClassCount, nameof(head.Labels));
            Require(head.Temperature > 0 && double.IsFinite(head.Temperature), nameof(head.Temperature));
        }
    }

    private static void Require(bool holds, string member)
    {
        if (!holds)
            throw new InvalidDataException($"The model is damaged: its {member} cannot be.");
    }
}
