namespace MLNetExt.LanguageModeling;

/// <summary>A token that may stand in the place of a mask.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">What it stands for: see <see cref="Tokenization.TextTokenizer.TokenText"/>. Null when the model's tokenizer does not know it, or the model has none.</param>
/// <param name="Probability">How likely it is, given all the other tokens; in [0, 1].</param>
public sealed record MaskCandidate(int Id, string? Text, double Probability);
