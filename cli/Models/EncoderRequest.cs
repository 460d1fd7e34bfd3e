using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Models;

/// <summary>What the user said about the training of an encoder, besides the trainer's options.</summary>
/// <param name="Source">The documents.</param>
/// <param name="Test">The documents to measure on.</param>
/// <param name="From">The encoder to go on from; null for a new one.</param>
/// <param name="Vocabulary">The word pieces of a new encoder.</param>
/// <param name="Context">The most tokens of a training row; null for the context of <paramref name="From"/>.</param>
/// <param name="HuggingFace">The Hugging Face model directory to write too; null for none.</param>
internal sealed record EncoderRequest(TextSource Source, TestPart Test, string? From, PieceVocabulary Vocabulary, int? Context, string? HuggingFace);
