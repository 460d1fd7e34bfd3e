using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>How the contract's clauses reach into <see cref="CausalLanguageModelTrainer"/>; its subclasses differ in network and mask.</summary>
public abstract class CausalContract : TrainerContract<CausalLanguageModelOptions, SentenceRow, SentencePrediction>
{
    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(CausalLanguageModelOptions options);

    protected override CausalLanguageModelOptions Options()
    {
        CausalLanguageModelOptions options = ShortOptions();
        (options.Seed, options.Network.Heads) = (5, 2);
        Configure(options);
        return options;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, CausalLanguageModelOptions options) => Prepare(ml).Append(ml.LanguageModeling.Trainers.Causal(options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        Prepare(ml).Append(ml.LanguageModeling.Trainers.Causal("Tokens", contextLength: 16, width: 16, layers: 2, epochs: 2, batchSize: 8, learningRate: 0.01));

    protected override CausalLanguageModelOptions ShortOptions()
    {
        var options = new CausalLanguageModelOptions { BatchSize = 8, Network = { ContextLength = 16, Width = 16, Layers = 2 } };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.01);
        return options;
    }

    private static EstimatorChain<GoldfishMaskTransformer> Prepare(MLContext ml) => ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261)
        .Append(ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", k: 3, h: 2));

    protected override SentenceRow[] Rows() => SentenceRow.Many(48);

    protected override int PredictionsForMemory => 2_000;

    protected override void SetBlockSize(CausalLanguageModelOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override TrainingOptions Training(CausalLanguageModelOptions options) => options.Training;

    protected override void SetSeed(CausalLanguageModelOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(CausalLanguageModelOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected override IEnumerable<BadRow<SentenceRow>> BadRows => [new("a text longer than the context", "Tokens", r => r.Sentence = "abcdefghijklmnopqrstuvwxyz")];

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Sentence"] = "text" };
}

/// <summary>Llama with a mask, dropout, validation and buckets.</summary>
[TestClass]
public sealed class LlamaWithMaskTests : CausalContract
{
    protected override void Configure(CausalLanguageModelOptions options)
    {
        (options.LossMaskColumnName, options.ValidationFraction, options.BucketByLength) = ("LossMask", 0.2, true);
        options.Network.Dropout = 0.1;
    }
}

/// <summary>GPT-2 with a mask drawn anew in each step, recomputed activations and learning-rate groups.</summary>
[TestClass]
public sealed class Gpt2WithRandomMaskTests : CausalContract
{
    protected override void Configure(CausalLanguageModelOptions options)
    {
        (options.RandomTokenMask, options.RecomputeActivations) = (4, true);
        (options.LayerLearningRateDecay, options.EmbeddingLearningRateFactor) = (0.8, 0.5);
        (options.Network.Family, options.Network.Dropout) = (DecoderFamily.Gpt2, 0.1);
    }
}

/// <summary>Llama with a mask and validation, whose adapters alone are trained and are kept apart.</summary>
[TestClass]
public sealed class LlamaWithAdaptersTests : AdaptedContract
{
    protected override DecoderFamily Family => DecoderFamily.Llama;

    protected override void Configure(CausalLanguageModelOptions options)
    {
        base.Configure(options);
        (options.LossMaskColumnName, options.ValidationFraction, options.BucketByLength) = ("LossMask", 0.2, true);
        options.Adapters = new LowRankOptions { Rank = 3, Dropout = 0.1, Merge = false };
    }
}

/// <summary>GPT-2 with recomputed activations and learning-rate groups, in which the adapters of its attention are merged.</summary>
[TestClass]
public sealed class Gpt2WithMergedAdaptersTests : AdaptedContract
{
    protected override DecoderFamily Family => DecoderFamily.Gpt2;

    protected override void Configure(CausalLanguageModelOptions options)
    {
        base.Configure(options);
        (options.RecomputeActivations, options.LayerLearningRateDecay) = (true, 0.8);
        options.Adapters = new LowRankOptions { Rank = 2, Alpha = 4, Dropout = 0.2, Layers = AdaptedLayers.Attention };
    }
}

/// <summary>Training that goes on from one model for the whole class.</summary>
public abstract class AdaptedContract : CausalContract
{
    private static readonly Dictionary<DecoderFamily, Lazy<CausalLanguageModelTransformer>> s_pretrained =
        Enum.GetValues<DecoderFamily>().ToDictionary(f => f, f => new Lazy<CausalLanguageModelTransformer>(() => TinyModel.Fit(f, epochs: 1, o => (o.Network.ContextLength, o.Network.Width, o.Network.Dropout) = (16, 16, 0.1))));

    protected abstract DecoderFamily Family { get; }

    protected override void Configure(CausalLanguageModelOptions options) => options.Pretrained = s_pretrained[Family].Value;
}
