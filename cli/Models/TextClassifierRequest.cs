using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Models;

/// <summary>What the user said about the training of a classifier of texts, besides the trainer's options.</summary>
/// <param name="Source">The labelled texts.</param>
/// <param name="Test">The rows to measure on.</param>
/// <param name="Pretrained">The encoder to go on from; null for a new one.</param>
/// <param name="Vocabulary">The word pieces of a new encoder.</param>
/// <param name="Context">The most tokens of a row; null for the context of <paramref name="Pretrained"/>.</param>
internal sealed record TextClassifierRequest(LabelledTextSource Source, TestPart Test, string? Pretrained, PieceVocabulary Vocabulary, int? Context);
