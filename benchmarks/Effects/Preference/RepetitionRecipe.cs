using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Sequences;
using MLNetExt.Training;

namespace MLNetExt.Benchmarks;

/// <summary>A small model of characters repeats itself when it writes greedily; preferences are to cure it.</summary>
/// <remarks>The learning rate was chosen on seed 6, which is not among the study's: the highest of five at which the pairwise Cringe loss raised perplexity by less than 15 %.</remarks>
internal sealed class RepetitionRecipe(MLContext context, RepetitionData data, int seed) : IDisposable
{
    private const int BaseSteps = 1_500, BatchSize = 16, Samples = 4, NGram = 8, GateSteps = 5, Epochs = 4;
    private const double LeastGap = 0.05, LearningRate = 5e-5;
    private readonly CausalLanguageModelTransformer _base = TrainBase(context, data, seed);

    /// <summary>The model before it sees preferences.</summary>
    public CausalLanguageModelTransformer Base => _base;

    /// <summary>Pairs of what <paramref name="writer"/> writes: greedily, against the sample that repeats itself least.</summary>
    /// <param name="writer">The model that is to be bettered.</param>
    /// <param name="prompts">The prompts.</param>
    public RepetitionPair[] Pairs(CausalLanguageModelTransformer writer, string[] prompts)
    {
        IReadOnlyList<string> greedy = writer.GenerateText(prompts, Greedy());
        IReadOnlyList<string> sampled = writer.GenerateText([.. prompts.SelectMany(p => Enumerable.Repeat(p, Samples))], Greedy(temperature: 0.8, topK: 10));
        return
        [
            .. prompts
                .Select((prompt, i) => new RepetitionPair { Prompt = prompt, Chosen = sampled.Skip(i * Samples).Take(Samples).MinBy(Repetition)!, Rejected = greedy[i] })
                .Where(pair => Repetition(pair.Rejected) - Repetition(pair.Chosen) > LeastGap),
        ];
    }

    /// <summary>Trains from the base model, or another.</summary>
    public (PreferenceTransformer Model, double FirstGate, double LastGate) Train(PreferenceTrainerOptions options, RepetitionPair[] pairs, CausalLanguageModelTransformer? from = null)
    {
        List<double> gates = [];
        (options.Model, options.BatchSize, options.Epochs, options.LearningRate, options.Seed, options.AppendEnd) = (from ?? _base, BatchSize, Epochs, LearningRate, seed, false);
        options.Training.Progress = new GateProgress(gates);
        IDataView rows = context.Data.LoadFromEnumerable(pairs);
        PreferenceTransformer model = options switch
        {
            PairwiseCringeOptions o => context.Preference.Trainers.PairwiseCringe(o).Fit(rows),
            BinaryCringeOptions o => context.Preference.Trainers.BinaryCringe(o).Fit(rows),
            DirectPreferenceOptions o => context.Preference.Trainers.DirectPreference(o).Fit(rows),
            _ => throw new ArgumentException($"There is no trainer for {options.GetType().Name}."),
        };
        return gates.Count == 0 ? (model, double.NaN, double.NaN) : (model, gates.Take(GateSteps).Average(), gates.TakeLast(GateSteps).Average());
    }

    /// <summary>How the base model writes after it has seen <paramref name="pairs"/>.</summary>
    public RepetitionOutcome Outcome(PreferenceTrainerOptions options, RepetitionPair[] pairs)
    {
        (PreferenceTransformer model, double first, double last) = Train(options, pairs);
        using (model)
            return Measure(model.LanguageModel) with { FirstGate = first, LastGate = last };
    }

    /// <summary>How a model writes.</summary>
    public RepetitionOutcome Measure(CausalLanguageModelTransformer model)
    {
        IReadOnlyList<string> written = model.GenerateText([.. data.Test.Select(t => t[..RepetitionData.PromptLength])], Greedy());
        TextStatistics statistics = TextStatistics.Of(
            written, [.. data.Test.Select(t => t[RepetitionData.PromptLength..])], new TextStatisticsOptions { Unit = TextUnit.Character, RepetitionLength = NGram });
        double perplexity = context.LanguageModeling.EvaluatePerplexity(model, data.HeldOut, new PerplexityOptions { FirstToken = FirstTokenPolicy.LeaveOut }).Perplexity;
        return new RepetitionOutcome(statistics.Repetition.Mean, statistics.RepeatingShare, statistics.UnigramF1!.Mean, perplexity);
    }

    public void Dispose() => _base.Dispose();

    private static CausalLanguageModelTransformer TrainBase(MLContext context, RepetitionData data, int seed)
    {
        var options = new CausalLanguageModelOptions
        {
            BatchSize = BatchSize,
            Seed = seed,
            ScoringBlockSize = 64,
            Network = { ContextLength = RepetitionData.ContextLength, Width = 96, Layers = 3, Heads = 4 },
        };
        (options.Training.Epochs, options.Training.LearningRate) = (1, 3e-3);
        return context.LanguageModeling.Trainers.Causal(options).Fit(data.Background(BaseSteps * BatchSize, seed));
    }

    private GenerationOptions Greedy(double temperature = 0, int topK = 0) =>
        new() { MaxNewTokens = RepetitionData.CompletionLength, Temperature = temperature, TopK = topK, Seed = seed };

    private static double Repetition(string text) => NGrams.Repetition([.. text], NGram);

    private sealed class GateProgress(List<double> gates) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Metrics.TryGetValue("gate/mean", out double gate))
                gates.Add(gate);
        }
    }
}
