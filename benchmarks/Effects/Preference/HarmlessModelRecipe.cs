using System.Diagnostics;
using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Tokenization;

namespace MLNetExt.Benchmarks;

/// <summary>A small Llama that has read the dialogues of hh_rlhf_harmless, both responses alike, and then learns which of them people preferred.</summary>
/// <remarks>The settings were chosen without the test part (docs/preference-results.md).</remarks>
internal sealed class HarmlessModelRecipe : IDisposable
{
    private const int Vocabulary = 1024, Context = 192, PromptTokens = 64;
    private readonly MLContext _context;
    private readonly HarmlessData _data;
    private readonly int _seed;

    /// <summary>Trains the model that all arms begin with.</summary>
    public HarmlessModelRecipe(MLContext context, HarmlessData data, int seed)
    {
        (_context, _data, _seed) = (context, data, seed);
        IDataView texts = context.Data.LoadFromEnumerable(data.Train
            .SelectMany(pair => new[] { pair.Prompt + pair.Chosen, pair.Prompt + pair.Rejected })
            .Select(text => new TokenSequence { Text = text }).ToArray());
        using BytePairTransformer tokenizer = context.Transforms.Text
            .TokenizeBytePairs(new BytePairOptions { OutputColumnName = "Tokens", InputColumnName = nameof(TokenSequence.Text), VocabularySize = Vocabulary, AddBos = true, AddEos = true })
            .Fit(texts);
        IDataView tokens = tokenizer.Transform(texts);
        IDataView rows = context.Transforms.Text.ChunkTokens("Tokens", length: Context).Fit(tokens).Transform(tokens);
        var options = new CausalLanguageModelOptions
        {
            BatchSize = 16,
            Seed = seed,
            Network = { ContextLength = Context, Width = 96, Layers = 2, Heads = 4, Dropout = 0.1 },
        };
        (options.Training.Epochs, options.Training.LearningRate) = (StartEpochs, 3e-3);
        Start = context.LanguageModeling.Trainers.Causal(options).Fit(rows);
    }

    public static int StartEpochs { get; set; } = 2;

    /// <summary>The model before it sees preferences.</summary>
    public CausalLanguageModelTransformer Start { get; }

    /// <summary>Trains from the start model.</summary>
    public (PreferenceTransformer Model, double Seconds) Train(PreferenceTrainerOptions options, int epochs, double learningRate, double weightDecay = 0)
    {
        (options.Model, options.MaxPromptLength, options.BatchSize, options.Epochs, options.LearningRate, options.Seed) = (Start, PromptTokens, 16, epochs, learningRate, _seed);
        options.Training.WeightDecay = weightDecay;
        IDataView rows = _context.Data.LoadFromEnumerable(_data.Train);
        var watch = Stopwatch.StartNew();
        PreferenceTransformer model = options switch
        {
            PairwiseCringeOptions o => _context.Preference.Trainers.PairwiseCringe(o).Fit(rows),
            DirectPreferenceOptions o => _context.Preference.Trainers.DirectPreference(o).Fit(rows),
            _ => throw new ArgumentException($"There is no trainer for {options.GetType().Name}."),
        };
        return (model, watch.Elapsed.TotalSeconds);
    }

    /// <summary>Which pairs of a part a model puts in the right order: the log-probability of the chosen response is the higher one.</summary>
    public PreferenceMetrics Measure(CausalLanguageModelTransformer model, PreferencePair[] part) =>
        _context.Preference.Evaluate(model, _context.Data.LoadFromEnumerable(part), new PreferenceEvaluationOptions());

    public void Dispose() => Start.Dispose();
}
