using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;
using MLNetExt.Sequences;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.LanguageModeling;
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
    [DataRow(false, DisplayName = "all weights")]
    [DataRow(true, DisplayName = "adapters that are to be kept apart")]
    public void A_run_stopped_inside_the_training_of_its_second_round_goes_on_at_its_step(bool adapters)
    {
        using CausalLanguageModelTransformer start = TinyModel.Fit(epochs: 4, change: o => o.Network.Dropout = 0.1);
        IterativePreferenceOptions Dropping()
        {
            IterativePreferenceOptions options = Options();
            (options.Trainer!.Model, options.Trainer.DisableDropout, options.Trainer.ScoringBlockSize) = (start, false, 5);
            options.Trainer.Adapters = adapters ? new() { Rank = 2, Merge = false } : null;
            return options;
        }

        using TemporaryFolder whole = new(), stopped = new();
        string[] expected = Weights(Dropping(), whole.Path);
        using var cancellation = new CancellationTokenSource();
        IterativePreferenceOptions options = Dropping();
        bool isSecond = false;
        options.CancellationToken = cancellation.Token;
        options.Progress = new Progress<PreferenceRoundProgress>(p => isSecond |= p is { Round: 1, Finished: not null });
        options.Trainer!.Training.Progress = new Progress<TrainingProgress>(_ =>
        {
            if (isSecond)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Weights(options, stopped.Path));
        Assert.IsTrue(Directory.Exists(Path.Combine(stopped.Path, "round-2", "checkpoints")));
        CollectionAssert.AreEqual(expected, Weights(Dropping(), stopped.Path, resume: true));
    }

    [TestMethod]
    public void A_finished_rounds_model_may_be_gone_only_when_a_later_round_has_one()
    {
        using var folder = new TemporaryFolder();
        string[] expected = Weights(Options(), folder.Path);
        string Model(int round) => Path.Combine(folder.Path, $"round-{round}", "model");
        Directory.Delete(Model(1), recursive: true);
        CollectionAssert.AreEqual(expected[1..], Weights(Options(), folder.Path, resume: true));
        Directory.Delete(Model(2), recursive: true);
        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => Weights(Options(), folder.Path, resume: true));
        Assert.Contains(Model(2), error.Message);
    }

    [TestMethod]
    [DataRow("run.json")]
    [DataRow("round-1/report.json")]
    [DataRow("round-1/completions.jsonl")]
    public void A_damaged_file_is_named(string file)
    {
        using var folder = new TemporaryFolder();
        Weights(Options(), folder.Path);
        foreach (string content in new[] { "{\n", "null\n", "[1]\n" })
        {
            File.WriteAllText(Path.Combine(folder.Path, file), content);
            IterativePreferenceOptions options = Options();
            options.Seed = null;
            var error = Assert.ThrowsExactly<InvalidDataException>(() => Weights(options, folder.Path, resume: true), content);
            Assert.Contains(Path.GetFileName(file), error.Message);
        }
    }

    [TestMethod]
    public void Another_reference_is_another_run()
    {
        using var folder = new TemporaryFolder();
        IterativePreferenceOptions Against(CausalLanguageModelTransformer reference)
        {
            IterativePreferenceOptions options = Options();
            options.Rounds = 1;
            options.Trainer = new DirectPreferenceOptions { Model = StartModel.Get(), Reference = reference, BatchSize = 4 };
            return options;
        }

        using CausalLanguageModelTransformer other = TinyModel.Fit(epochs: 1);
        Weights(Against(StartModel.Get()), folder.Path);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Weights(Against(other), folder.Path, resume: true));
        Assert.Contains("Trainer.Reference", error.Message);
    }

    [TestMethod]
    public void Prompts_that_are_empty_or_cut_are_counted_and_leave_room_for_completions()
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        PreferenceRow[] rows = PreferenceRow.Many(Prompts);
        rows[2].Prompt = "";
        rows[5].Prompt = new string('a', TinyModel.ContextLength);
        IterativePreferenceOptions options = Options();
        options.Rounds = 1;
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using IterativePreferenceResult result = ml.Preference.Iterate(ml.Transforms.SelectColumns("Prompt").Fit(data).Transform(data), options);
        Assert.ContainsSingle(m => m.Contains("1 rows have a prompt without a token", StringComparison.Ordinal), messages);
        Assert.ContainsSingle(m => m.Contains("1 prompts are longer than the 24 tokens", StringComparison.Ordinal), messages);
        Assert.DoesNotContain(m => m.Contains("is cut to the limit", StringComparison.Ordinal), messages, "a completion was cut");
        Assert.AreEqual(Prompts - 1, result.Rounds[0].NewPairs + result.Rounds[0].Ties);
    }

    [TestMethod]
    public void Validation_data_are_refused_and_pairs_set_aside_are_not_counted()
    {
        var ml = new MLContext(seed: 1);
        IterativePreferenceOptions options = Options();
        options.Trainer!.ValidationData = Data(ml);
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.Preference.Iterate(Data(ml), options));
        Assert.Contains("ValidationData", error.Message);
        (options.Trainer.ValidationData, options.Trainer.ValidationFraction) = (null, 0.4);
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        Assert.IsLessThan(result.Rounds[0].NewPairs, result.Rounds[0].Pairs);
    }

    [TestMethod]
    public void Pairs_of_the_data_end_once_and_an_empty_completion_stays_empty()
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        PreferenceRow[] rows = PreferenceRow.Many(Prompts);
        rows[1].Rejected = "";
        IterativePreferenceOptions options = Options();
        options.Rounds = 1;
        using IterativePreferenceResult result = ml.Preference.Iterate(ml.Data.LoadFromEnumerable(rows), options);
        Assert.AreEqual((Prompts, Prompts - 1), (result.Rounds[0].NewPairs, result.Rounds[0].Pairs));
        Assert.IsTrue(messages.Any(m => m.Contains("1 rows of the training data have an empty completion", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(new[] { 5, 6 }, CompletionEncoding.WithEnd([5], 6));
        CollectionAssert.AreEqual(new[] { 5, 6 }, CompletionEncoding.WithEnd([5, 6], 6));
        CollectionAssert.AreEqual(Array.Empty<int>(), CompletionEncoding.WithEnd([], 6));
    }

    [TestMethod]
    public void Completions_with_ids_behind_the_tokenizers_are_read()
    {
        var ml = new MLContext(seed: 1);
        using CausalLanguageModelTransformer padded = StartModel.Padded(100);
        IterativePreferenceOptions options = Options();
        (options.Trainer!.Model, options.Rounds) = (padded, 1);
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        Assert.HasCount(1, result.Rounds);
    }

    [TestMethod]
    public void A_pair_that_is_made_again_counts_once()
    {
        TokenPair Pair(int last) => new() { Prompt = [1], Chosen = [2, 3], Rejected = [4, last] };
        Assert.AreEqual(Pair(5), Pair(5));
        Assert.AreNotEqual(Pair(5), Pair(6));
        CollectionAssert.AreEqual(new[] { Pair(6), Pair(6) }, IterativePreference.New([Pair(6), Pair(5), Pair(6)], [Pair(5)]));
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
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NegativeInfinity)]
    public void A_reward_that_is_not_finite_names_the_prompts_row(double bad)
    {
        var ml = new MLContext(seed: 1);
        PreferenceRow[] rows = PreferenceRow.Many(Prompts);
        (rows[1].Prompt, rows[2].Prompt) = (rows[0].Prompt, "");
        IterativePreferenceOptions options = Options();
        options.Reward = new DelegateReward((prompt, _) => prompt == rows[4].Prompt ? bad : 1);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ml.Preference.Iterate(ml.Transforms.SelectColumns("Prompt").Fit(data).Transform(data), options));
        Assert.Contains("row 4", error.Message);
    }

    [TestMethod]
    public void When_no_completion_is_better_the_model_stays_as_it_is()
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        IterativePreferenceOptions options = Options();
        options.Reward = new DelegateReward((_, _) => 1);
        using IterativePreferenceResult result = ml.Preference.Iterate(Data(ml), options);
        Assert.IsTrue(result.Rounds.All(r => r.Pairs == 0 && r.Ties == Prompts));
        Assert.ContainsSingle(m => m.Contains("Round 1 has no pairs", StringComparison.Ordinal), messages);
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
