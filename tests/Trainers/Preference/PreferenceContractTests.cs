using Microsoft.ML;
using MLNetExt.Preference;

namespace MLNetExt.Tests.Preference;

/// <summary>The pairwise Cringe loss with its gate from the margins at the start, differentiated, with validation and recomputed activations.</summary>
[TestClass]
public sealed class PairwiseCringeContractTests : PreferenceContract<PairwiseCringeOptions, PreferencePrediction>
{
    protected override void Configure(PairwiseCringeOptions options) =>
        (options.AutoGate, options.DetachGate, options.Candidates, options.ValidationFraction, options.RecomputeActivations) = (true, false, 3, 0.2, true);

    protected override IEstimator<ITransformer> Create(MLContext ml, PairwiseCringeOptions options) => ml.Preference.Trainers.PairwiseCringe(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Preference.Trainers.PairwiseCringe(StartModel.Get(), epochs: 2, batchSize: 8, learningRate: 0.01);

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } =
        new Dictionary<string, string> { ["Prompt"] = "text", ["Chosen"] = "text", ["Rejected"] = "text" };
}

/// <summary>DPO of low-rank adapters with an on-line reference, dropout left on.</summary>
[TestClass]
public sealed class DirectPreferenceContractTests : PreferenceContract<DirectPreferenceOptions, PreferencePrediction>
{
    protected override void Configure(DirectPreferenceOptions options)
    {
        (options.PrecomputeReference, options.LabelSmoothing, options.DisableDropout) = (false, 0.1, false);
        options.Adapters = new() { Rank = 2 };
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, DirectPreferenceOptions options) => ml.Preference.Trainers.DirectPreference(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Preference.Trainers.DirectPreference(StartModel.Get(), epochs: 2, batchSize: 8, learningRate: 0.01);

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } =
        new Dictionary<string, string> { ["Prompt"] = "text", ["Chosen"] = "text", ["Rejected"] = "text" };
}

/// <summary>The binary Cringe loss on single completions.</summary>
[TestClass]
public sealed class BinaryCringeContractTests : PreferenceContract<BinaryCringeOptions, CompletionPrediction>
{
    protected override BinaryCringeOptions ShortOptions()
    {
        BinaryCringeOptions options = base.ShortOptions();
        options.CompletionColumnName = "Completion";
        return options;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, BinaryCringeOptions options) => ml.Preference.Trainers.BinaryCringe(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Preference.Trainers.BinaryCringe(StartModel.Get(), epochs: 2, batchSize: 8, learningRate: 0.01);

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } =
        new Dictionary<string, string> { ["Prompt"] = "text", ["Completion"] = "text", ["Label"] = "Boolean" };
}
