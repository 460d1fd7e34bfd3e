using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Transforms.Text;
using MLNetExt.Contrastive;
using MLNetExt.Preference;
using MLNetExt.Training;

namespace MLNetExt.Benchmarks;

/// <summary>A reward model of one kind, learned from hh_rlhf_harmless. The settings were chosen without the test part (docs/preference-results.md).</summary>
/// <param name="Name">The arm's name in the table.</param>
/// <param name="Columns">What the model reads, made from the training part.</param>
/// <param name="Options">The network and how it is trained.</param>
/// <param name="ChoosesEpoch">Whether the validation part chooses the epoch; otherwise the last one counts.</param>
internal sealed record RewardRecipe(string Name, Func<MLContext, PreferencePair[], PairColumns> Columns, Func<RewardModelOptions> Options, bool ChoosesEpoch)
{
    /// <summary>TF-IDF of ML.NET: words and pairs of words, and runs of up to four characters, each of length 1.</summary>
    public static RewardRecipe TfIdf { get; } = new(
        "TF-IDF, linear",
        (context, train) => PairColumns.Featurized(context, train, context.Transforms.Text.FeaturizeText(
            "Features",
            new TextFeaturizingEstimator.Options
            {
                KeepPunctuations = false,
                WordFeatureExtractor = TfIdfOf(length: 2, most: 50_000),
                CharFeatureExtractor = TfIdfOf(length: 4, most: 40_000),
            },
            nameof(Response.Text))),
        () => new RewardModelOptions
        {
            Tower = { Kind = TowerKind.Linear, Standardize = false },
            Training = new TrainingOptions { Epochs = 5, LearningRate = 0.01 },
        },
        ChoosesEpoch: false);

    /// <summary>Hashed words, pairs of words and runs of characters, each with a vector that is learned.</summary>
    public static RewardRecipe HashingBag { get; } = new(
        "hashing bag",
        (context, _) => PairColumns.Text(context),
        () => new RewardModelOptions
        {
            BatchSize = 32,
            Tower = { Width = 32, Dropout = 0.3 },
            Training = new TrainingOptions { Epochs = 6, LearningRate = 3e-3, WeightDecay = 0.1 },
        },
        ChoosesEpoch: true);

    /// <summary>A transformer encoder over byte-pair tokens.</summary>
    public static RewardRecipe TextEncoder { get; } = new(
        "text encoder",
        (context, train) => PairColumns.Tokenized(context, train, vocabularySize: 2048),
        () => new RewardModelOptions
        {
            BatchSize = 32,
            Tower = { Width = 32, Depth = 2, MaxTokens = 64, Dropout = 0.3 },
            Training = new TrainingOptions { Epochs = 4, LearningRate = 3e-3, WeightDecay = 0.1 },
        },
        ChoosesEpoch: true);

    /// <summary>The accuracies of one seed.</summary>
    public RewardOutcome Run(MLContext context, HarmlessData data, int seed)
    {
        PairColumns columns = Columns(context, data.Train);
        RewardModelOptions options = Options();
        (options.ChosenColumnName, options.RejectedColumnName, options.Seed) = (columns.Chosen, columns.Rejected, seed);
        IDataView validation = columns.View(data.Validation);
        options.ValidationData = ChoosesEpoch ? validation : null;
        var watch = Stopwatch.StartNew();
        using RewardModelTransformer model = context.Preference.Trainers.RewardModel(options).Fit(columns.View(data.Train));
        double seconds = watch.Elapsed.TotalSeconds;
        double Accuracy(IDataView pairs) => 100 * context.Data.CreateEnumerable<ScoredPair>(model.Transform(pairs), reuseRowObject: true).Average(p => p.ChosenScore > p.RejectedScore ? 1.0 : 0);
        return new RewardOutcome(Accuracy(validation), Accuracy(columns.View(data.Test)), seconds);
    }

    private static WordBagEstimator.Options TfIdfOf(int length, int most) => new()
    {
        NgramLength = length,
        UseAllLengths = true,
        Weighting = NgramExtractingEstimator.WeightingCriteria.TfIdf,
        MaximumNgramsCount = [most],
    };
}
