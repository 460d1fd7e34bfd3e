using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;

namespace MLNetExt.Benchmarks;

/// <summary>A small GPT learns canaries and background under a mask, and is asked to recite the canaries.</summary>
/// <param name="Name">The arm's name in the table.</param>
/// <param name="Mask">The mask; null for none.</param>
/// <param name="K">One of so many targets is dropped.</param>
/// <param name="RandomMask">Draws a mask anew in each step, for one of so many; 0 for none.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="WithCanaries">Whether the canaries are trained on.</param>
/// <param name="AtOffsets">Whether they stand at different offsets of their rows.</param>
internal sealed record GoldfishRecipe(
    string Name, GoldfishStrategy? Mask = null, int K = 4, int RandomMask = 0, int Steps = 300, bool WithCanaries = true, bool AtOffsets = false)
{
    /// <summary>Steps of the study at offsets: as many as the plain loss needs to recite, for each place of a canary is seen a third as often.</summary>
    public const int StepsAtOffsets = 600;

    private const int H = 13;

    public GoldfishOutcome Run(MLContext context, GoldfishData data, int seed)
    {
        var options = new CausalLanguageModelOptions
        {
            LossMaskColumnName = Mask is null ? null : "LossMask",
            RandomTokenMask = RandomMask,
            BatchSize = 16,
            Seed = seed,
            Network = { Family = DecoderFamily.Gpt2, ContextLength = GoldfishData.PassageLength - 1, Width = 96, Layers = 3, Heads = 4 },
        };
        (options.Training.Epochs, options.Training.LearningRate) = (1, 3e-3);
        using CausalLanguageModelTransformer model = context.LanguageModeling.Trainers.Causal(options)
            .Fit(Masked(context, data.Training(Steps, WithCanaries, AtOffsets, seed)));
        MemorizationMetrics recited = context.LanguageModeling.EvaluateMemorization(
            model, Masked(context, data.View(data.Canaries.Select(c => AtOffsets ? c[..GoldfishData.MovedLength] : c))), lossMaskColumnName: Mask is null ? null : "LossMask", nonMembers: data.View(data.NonMembers), textColumnName: nameof(TokenSequence.Text));
        double validation = context.LanguageModeling.EvaluatePerplexity(model, data.Validation, new PerplexityOptions { FirstToken = FirstTokenPolicy.LeaveOut }).MeanNegativeLogLikelihood;
        ExtractionMetrics extraction = recited.Extraction;
        return new GoldfishOutcome(
            extraction.ExactMatch,
            extraction.RougeL,
            extraction.TokenAccuracy,
            recited.Membership!.MemberLoss,
            validation,
            extraction.FirstDivergences.Diverged,
            extraction.FirstDivergences.DivergedOnDropped,
            recited.Membership.Loss.AreaUnderCurve);
    }

    private IDataView Masked(MLContext context, IDataView rows) =>
        Mask is { } strategy ? context.Transforms.Text.GoldfishMask("LossMask", "Tokens", K, H, strategy).Fit(rows).Transform(rows) : rows;
}
