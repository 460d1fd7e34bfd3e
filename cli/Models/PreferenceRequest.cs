using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Models;

/// <summary>What the user said about training on preferences, besides the trainer's options.</summary>
/// <param name="Source">The preferences.</param>
/// <param name="Test">The rows to measure on.</param>
/// <param name="Validation">A file of rows that choose the best epoch; null for none.</param>
/// <param name="Start">The language model to train.</param>
/// <param name="Reference">The reference model; null for <paramref name="Start"/>.</param>
/// <param name="Method">The loss, as typed.</param>
/// <param name="HuggingFace">The Hugging Face model directory to write too; null for none.</param>
internal sealed record PreferenceRequest(
    PreferenceSource Source, TestPart Test, string? Validation, string Start, string? Reference, string Method, string? HuggingFace);
