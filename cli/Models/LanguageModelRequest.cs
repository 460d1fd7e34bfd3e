using MLNetExt.Cli.Data;
using MLNetExt.Masking;

namespace MLNetExt.Cli.Models;

/// <summary>What the user said about the training of a language model, besides the trainer's options.</summary>
/// <param name="Source">The documents.</param>
/// <param name="Test">The documents to measure on.</param>
/// <param name="Goldfish">Which tokens are never learned; null for none.</param>
/// <param name="From">The model to go on from; null for a new one.</param>
/// <param name="Vocabulary">How many different tokens a new model's text is cut into, at most.</param>
/// <param name="Context">The most targets of a training row; null for the context of <paramref name="From"/>.</param>
/// <param name="Packed">Whether documents are joined before they are cut.</param>
/// <param name="HuggingFace">The Hugging Face model directory to write too; null for none.</param>
internal sealed record LanguageModelRequest(
    TextSource Source, TestPart Test, GoldfishMaskOptions? Goldfish, string? From, int Vocabulary, int? Context, bool Packed, string? HuggingFace);
