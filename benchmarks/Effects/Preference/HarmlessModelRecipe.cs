using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Tokenization;

namespace MLNetExt.Benchmarks;

/// <summary>A small Llama that has read the responses of hh_rlhf_harmless, the chosen and the rejected ones alike, and then learns which of them people preferred.</summary>
/// <remarks>Responses are read without the dialogue before them, with which less was learned. This was chosen on seed 6 with 631 pairs of the training and validation parts that were held out
/// for it; the losses' β, rates and epochs then on two thirds of these parts, each held out once (docs/preference-results.md).</remarks>
internal sealed class HarmlessModelRecipe : IDisposable
{
    private const int Vocabulary = 1024, Context = 192, PromptLength = 12, BatchSize = 16, StartEpochs = 4;
    private const double StartLearningRate = 3e-3;
    private readonly MLContext _context;
    private readonly PreferencePair[] _train;
    private readonly int _seed;

    /// <summary>Trains the model that all losses begin with.</summary>
    public HarmlessModelRecipe(MLContext context, HarmlessData data, int seed)
    {
        (_context, _train, _seed) = (context, WithoutDialogue(data.Train), seed);
        IDataView texts = context.Data.LoadFromEnumerable(_train
            .SelectMany(pair => new[] { pair.Prompt + pair.Chosen, pair.Prompt + pair.Rejected })
            .Select(text => new TokenSequence { Text = text }).ToArray());
        using BytePairTransformer tokenizer = context.Transforms.Text
            .TokenizeBytePairs(new BytePairOptions { OutputColumnName = "Tokens", InputColumnName = nameof(TokenSequence.Text), VocabularySize = Vocabulary, AddBos = true, AddEos = true })
            .Fit(texts);
        IDataView tokens = tokenizer.Transform(texts);
        var options = new CausalLanguageModelOptions
        {
            BatchSize = BatchSize,
            Seed = seed,
            Network = { ContextLength = Context, Width = 96, Layers = 2, Heads = 4, Dropout = 0.1 },
        };
        (options.Training.Epochs, options.Training.LearningRate) = (StartEpochs, StartLearningRate);
        Start = context.LanguageModeling.Trainers.Causal(options).Fit(context.Transforms.Text.ChunkTokens("Tokens", length: Context).Fit(tokens).Transform(tokens));
    }

    /// <summary>The model before it sees preferences.</summary>
    public CausalLanguageModelTransformer Start { get; }

    /// <summary>Trains the start model on the pairs of the training part.</summary>
    public PreferenceTransformer Train(PreferenceTrainerOptions options)
    {
        (options.Model, options.BatchSize, options.Seed, options.DisableDropout) = (Start, BatchSize, _seed, false);
        IDataView rows = _context.Data.LoadFromEnumerable(_train);
        return options switch
        {
            PairwiseCringeOptions o => _context.Preference.Trainers.PairwiseCringe(o).Fit(rows),
            DirectPreferenceOptions o => _context.Preference.Trainers.DirectPreference(o).Fit(rows),
            _ => throw new ArgumentException($"There is no trainer for {options.GetType().Name}."),
        };
    }

    /// <summary>What a model says of pairs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="reference">What implicit rewards are relative to; null for none.</param>
    public PreferenceMetrics Measure(CausalLanguageModelTransformer model, PreferencePair[] pairs, CausalLanguageModelTransformer? reference = null) => _context.Preference.Evaluate(
        model, _context.Data.LoadFromEnumerable(WithoutDialogue(pairs)), new PreferenceEvaluationOptions { Reference = reference, DivergencePrompts = 0 });

    public void Dispose() => Start.Dispose();

    /// <summary>The pairs with the last twelve characters of their prompts, which say whose turn it is.</summary>
    private static PreferencePair[] WithoutDialogue(PreferencePair[] pairs) =>
        [.. pairs.Select(pair => new PreferencePair { Prompt = pair.Prompt[^PromptLength..], Chosen = pair.Chosen, Rejected = pair.Rejected })];
}
