namespace MLNetExt.Cli.Models;

/// <summary>What the user said about a vocabulary of word pieces that is to be learned.</summary>
/// <param name="Size">How many different word pieces text is cut into, at most.</param>
/// <param name="MaxCharacters">How many characters have word pieces; null for all of the texts.</param>
/// <param name="Lowercase">Whether text is put in lower case, without accents.</param>
internal sealed record PieceVocabulary(int Size, int? MaxCharacters, bool Lowercase);
