using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Sequences;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Preference;

/// <summary>Training in rounds.</summary>
[TestClass]
public sealed class IterationTests
{
    private const int Prompts = 12;

    // Completions with many letters 'a' are wanted.
    private static readonly DelegateReward s_reward = new((_, completion) => completion.Count(c => c == 'a'));

    [TestMethod]
    public void Rounds_raise_the_reward()
    {
        var ml = new MLContext(seed: 1);
        IterativePreferenceOptions options = Options();
        (options.Rounds, options.SamplesPerPrompt) = (4, 8);
        options.Trainer!.Epochs = 4;
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        Assert.HasCount(4, result.Rounds);
        Assert.IsGreaterThan(result.Rounds[0].MeanReward!.Value + 0.5, result.Rounds[^1].MeanReward!.Value, string.Join('\n', result.Rounds));
        Assert.IsTrue(result.Rounds.All(r => r.BestReward >= r.MeanReward));
    }

    [TestMethod]
    public void Pairs_of_the_data_are_trained_on_first()
    {
        var ml = new MLContext(seed: 1);
        using IterativePreferenceResult result = ml.Preference.Iterate(ml.Data.LoadFromEnumerable(PreferenceRow.Many(Prompts)), Options());
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, result.Rounds.Select(r => r.Round).ToArray());
        Assert.AreEqual(Prompts, result.Rounds[0].Pairs);
        Assert.AreEqual(Prompts + result.Rounds[1].NewPairs, result.Rounds[1].Pairs, "old pairs are kept");
    }

    [TestMethod]
    public void Only_the_newest_pairs_are_trained_on_when_asked()
    {
        var ml = new MLContext(seed: 1);
        IterativePreferenceOptions options = Options();
        options.KeepOldPairs = false;
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        Assert.IsTrue(result.Rounds.All(r => r.Pairs == r.NewPairs));
        Assert.IsTrue(result.Rounds.All(r => r.NewPairs + r.Ties == Prompts));
    }

    [TestMethod]
    [DataRow(1, DisplayName = "while completions are drawn")]
    [DataRow(4, DisplayName = "in the second round")]
    public void A_stopped_run_goes_on_where_it_was(int reportsBeforeStop)
    {
        using TemporaryFolder whole = new(), stopped = new();
        string[] expected = Weights(Options(), whole.Path);
        using var cancellation = new CancellationTokenSource();
        IterativePreferenceOptions options = Options();
        int reports = 0;
        options.CancellationToken = cancellation.Token;
        options.Progress = new Progress<PreferenceRoundProgress>(_ =>
        {
            if (++reports == reportsBeforeStop)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Weights(options, stopped.Path));
        CollectionAssert.AreEqual(expected, Weights(Options(), stopped.Path, resume: true));
    }

    [TestMethod]
    public void A_run_stopped_inside_training_goes_on_at_its_step()
    {
        using TemporaryFolder whole = new(), stopped = new();
        string[] expected = Weights(Options(), whole.Path);
        using var cancellation = new CancellationTokenSource();
        IterativePreferenceOptions options = Options();
        options.CancellationToken = cancellation.Token;
        options.Trainer!.Training.Progress = new Progress<TrainingProgress>(_ => cancellation.Cancel());
        Assert.Throws<OperationCanceledException>(() => Weights(options, stopped.Path));
        CollectionAssert.AreEqual(expected, Weights(Options(), stopped.Path, resume: true));
    }

    [TestMethod]
    public void Another_run_is_not_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        Weights(Options(), folder.Path);
        IterativePreferenceOptions options = Options();
        options.SamplesPerPrompt = 3;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Weights(options, folder.Path, resume: true));
        Assert.Contains(nameof(IterativePreferenceOptions.SamplesPerPrompt), error.Message);
        Assert.Throws<ArgumentException>(() => Weights(Options(), folder.Path), "a folder that is not empty");
    }

    [TestMethod]
    public void Every_rounds_model_is_kept()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IterativePreferenceOptions options = Options();
        options.Folder = folder.Path;
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        foreach (PreferenceRound round in result.Rounds)
        {
            using CausalLanguageModelTransformer model = ml.LanguageModeling.LoadHuggingFace(round.ModelPath!);
            Assert.HasCount(1, model.GenerateText(["adg"], new GenerationOptions { MaxNewTokens = 4 }));
        }
    }

    [TestMethod]
    public void A_reward_of_NaN_names_the_prompt()
    {
        var ml = new MLContext(seed: 1);
        IterativePreferenceOptions options = Options();
        options.Reward = new DelegateReward((_, _) => double.NaN);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.Preference.Iterate(Data(ml), options));
        Assert.Contains("row 0", error.Message);
    }

    [TestMethod]
    public void When_no_completion_is_better_the_model_stays_as_it_is()
    {
        var ml = new MLContext(seed: 1);
        IterativePreferenceOptions options = Options();
        options.Reward = new DelegateReward((_, _) => 1);
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        Assert.IsTrue(result.Rounds.All(r => r.Pairs == 0 && r.Ties == Prompts));
        Assert.AreEqual(StartModel.Get().GenerateText(["adgj"], new GenerationOptions { MaxNewTokens = 8 })[0], result.Model.GenerateText(["adgj"], new GenerationOptions { MaxNewTokens = 8 })[0]);
    }

    private static IterativePreferenceOptions Options() => new()
    {
        Trainer = new PairwiseCringeOptions { Model = StartModel.Get(), BatchSize = 4, Epochs = 2, LearningRate = 5e-3, Offset = 20 },
        Reward = s_reward,
        SamplesPerPrompt = 4,
        PromptsPerBlock = 5,
        Generation = new GenerationOptions { MaxNewTokens = 8, Temperature = 1 },
        Seed = 3,
    };

    private static IDataView Data(MLContext ml) => ml.Transforms.SelectColumns("Prompt").Fit(ml.Data.LoadFromEnumerable(PreferenceRow.Many(Prompts))).Transform(ml.Data.LoadFromEnumerable(PreferenceRow.Many(Prompts)));

    /// <summary>What each round's model holds, as it lies in the folder.</summary>
    private static string[] Weights(IterativePreferenceOptions options, string folder, bool resume = false)
    {
        var ml = new MLContext(seed: 1);
        (options.Folder, options.Resume) = (folder, resume);
        ml.Preference.Iterate(Data(ml), options).Dispose();
        return [.. Directory.GetFiles(folder, "model.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))))];
    }

    /// <summary>Told at once, unlike the one of .NET.</summary>
    private sealed class Progress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
