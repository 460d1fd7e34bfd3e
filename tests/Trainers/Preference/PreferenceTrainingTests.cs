using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Evaluation;
using MLNetExt.Preference;
using MLNetExt.Tests.LanguageModeling;
using MLNetExt.Training;

namespace MLNetExt.Tests.Preference;

/// <summary>What trainers of preferences learn, read, leave out and report.</summary>
[TestClass]
public sealed class PreferenceTrainingTests
{
    private static readonly PreferenceLoss[] s_losses = Enum.GetValues<PreferenceLoss>();

    public static IEnumerable<object[]> Losses => s_losses.Select(loss => new object[] { loss });

    [TestMethod]
    [DynamicData(nameof(Losses))]
    public void Every_loss_widens_the_margin(PreferenceLoss loss)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(PreferenceRow.Many(40));
        using PreferenceTransformer model = ml.Preference.Trainers.DirectPreference(
            new DirectPreferenceOptions { Model = StartModel.Get(), Loss = loss, Epochs = 6, LearningRate = 5e-3, Seed = 1, Beta = loss == PreferenceLoss.SimPo ? 2 : 0.1 }).Fit(data);
        Assert.IsGreaterThan(StartMargin(ml, data) + 0.5, Margins(model.Transform(data)).Average());
    }

    [TestMethod]
    public void Cringe_losses_widen_the_margin()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(PreferenceRow.Many(40));
        double start = StartMargin(ml, data);
        using PreferenceTransformer pairwise = ml.Preference.Trainers.PairwiseCringe(new PairwiseCringeOptions { Model = StartModel.Get(), Epochs = 6, LearningRate = 5e-3, Offset = 20, Seed = 1 }).Fit(data);
        using PreferenceTransformer binary = ml.Preference.Trainers.BinaryCringe(new BinaryCringeOptions { Model = StartModel.Get(), Epochs = 6, LearningRate = 5e-3, Seed = 1 }).Fit(data);
        Assert.IsGreaterThan(start + 0.5, Margins(pairwise.Transform(data)).Average(), "pairwise");
        Assert.IsGreaterThan(start + 0.5, Margins(binary.Transform(data)).Average(), "binary");
    }

    [TestMethod]
    public void A_precomputed_reference_is_that_of_each_step()
    {
        double[] Fit(bool precompute)
        {
            var ml = new MLContext(seed: 1);
            IDataView data = ml.Data.LoadFromEnumerable(PreferenceRow.Many(40));
            using PreferenceTransformer model = ml.Preference.Trainers.DirectPreference(
                new DirectPreferenceOptions { Model = StartModel.Get(), Epochs = 2, LearningRate = 1e-3, Seed = 1, PrecomputeReference = precompute }).Fit(data);
            return [.. Margins(model.Transform(data))];
        }

        double[] precomputed = Fit(true), online = Fit(false);
        for (int i = 0; i < precomputed.Length; i++)
            Assert.AreEqual(online[i], precomputed[i], 1e-4, $"row {i}");
    }

    [TestMethod]
    public void Tokens_train_like_the_text_they_were_made_of()
    {
        var ml = new MLContext(seed: 1);
        IDataView text = ml.Data.LoadFromEnumerable(PreferenceRow.Many(24)), tokens = text;
        foreach (string column in new[] { "Prompt", "Chosen", "Rejected" })
            tokens = ml.Transforms.Text.TokenizeBytePairs(new() { OutputColumnName = column, Tokenizer = StartModel.Get().Tokenizer }).Fit(tokens).Transform(tokens);
        double[] Fit(IDataView data)
        {
            using PreferenceTransformer model = ml.Preference.Trainers.PairwiseCringe(new PairwiseCringeOptions { Model = StartModel.Get(), Epochs = 2, Seed = 1 }).Fit(data);
            return [.. Margins(model.Transform(data))];
        }

        CollectionAssert.AreEqual(Fit(text), Fit(tokens));
    }

    [TestMethod]
    public void Without_a_prompt_column_the_prompt_is_what_both_completions_begin_with()
    {
        var ml = new MLContext(seed: 1);
        PreferenceRow[] rows = PreferenceRow.Many(24), joined = PreferenceRow.Many(24);
        foreach (PreferenceRow row in joined)
            (row.Chosen, row.Rejected) = (row.Prompt + row.Chosen, row.Prompt + row.Rejected);
        PairwiseCringeOptions Options(string? prompt) => new() { Model = StartModel.Get(), PromptColumnName = prompt, Epochs = 2, Seed = 1 };
        IDataView apart = ml.Data.LoadFromEnumerable(rows), together = ml.Data.LoadFromEnumerable(joined);
        using PreferenceTransformer explicitly = ml.Preference.Trainers.PairwiseCringe(Options("Prompt")).Fit(apart), implicitly = ml.Preference.Trainers.PairwiseCringe(Options(null)).Fit(together);
        CollectionAssert.AreEqual(Margins(explicitly.Transform(apart)).ToArray(), Margins(implicitly.Transform(together)).ToArray());
    }

    [TestMethod]
    public void Single_completions_without_a_prompt_column_have_no_prompts()
    {
        var ml = new MLContext(seed: 1);
        PreferenceRow[] rows = PreferenceRow.Many(24);
        foreach (PreferenceRow row in rows)
            row.Prompt = "";
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        float[] Fit(string? prompt)
        {
            using PreferenceTransformer model = ml.Preference.Trainers.BinaryCringe(
                new BinaryCringeOptions { Model = StartModel.Get(), PromptColumnName = prompt, CompletionColumnName = "Completion", Seed = 1 }).Fit(data);
            return [.. model.Transform(data).GetColumn<float>("LogProbability")];
        }

        CollectionAssert.AreEqual(Fit("Prompt"), Fit(null));
    }

    [TestMethod]
    public void Rows_that_teach_nothing_are_left_out_and_counted()
    {
        PreferenceRow[] rows = PreferenceRow.Many(24);
        rows[3].Rejected = rows[3].Chosen;
        rows[5].Chosen = "";
        rows[7].Prompt = new string('a', TinyModel.ContextLength + 4);
        rows[9].Chosen = new string('b', TinyModel.ContextLength);
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(ml.Data.LoadFromEnumerable(rows)).Dispose();
        foreach (string expected in new[] { "1 rows of the training data have the same completion", "1 rows of the training data have an empty completion", "1 rows of the training data have lost a completion", "1 rows of the training data have a completion that is cut" })
            Assert.ContainsSingle(m => m.Contains(expected, StringComparison.Ordinal), messages, expected);
    }

    [TestMethod]
    public void Equal_sequences_with_the_prompt_inside_count_as_equal()
    {
        PreferenceRow[] rows = PreferenceRow.Many(24);
        foreach (PreferenceRow row in rows)
            (row.Chosen, row.Rejected) = (row.Prompt + row.Chosen, row.Prompt + row.Rejected);
        rows[3].Rejected = rows[3].Chosen;
        rows[5].Chosen = rows[5].Prompt;
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using PreferenceTransformer model = ml.Preference.Trainers.PairwiseCringe(new PairwiseCringeOptions { Model = StartModel.Get(), PromptColumnName = null, Seed = 1 }).Fit(data);
        foreach (string expected in new[] { "1 rows of the training data have the same completion", "1 rows of the training data have an empty completion" })
            Assert.ContainsSingle(m => m.Contains(expected, StringComparison.Ordinal), messages, expected);
        Assert.AreEqual(0, Margins(model.Transform(data)).ElementAt(3));
    }

    [TestMethod]
    public void Empty_completions_without_a_prompt_are_counted_and_scored_as_nothing()
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        PreferenceRow[] rows = PreferenceRow.Many(24);
        foreach (PreferenceRow row in rows)
            row.Prompt = "";
        rows[3].Rejected = rows[4].Chosen = rows[6].Completion = rows[7].Completion = "";
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        using PreferenceTransformer pairs = ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(data);
        Assert.ContainsSingle(m => m.Contains("2 rows of the training data have an empty completion", StringComparison.Ordinal), messages, "pairs");
        CollectionAssert.AreEqual(new[] { 3, 4 }, pairs.Transform(data).GetColumn<float>("Margin").Index().Where(m => float.IsNaN(m.Item)).Select(m => m.Index).ToArray());
        messages.Clear();
        using PreferenceTransformer singles = ml.Preference.Trainers.BinaryCringe(StartModel.Get(), promptColumnName: null).Fit(data);
        Assert.ContainsSingle(m => m.Contains("2 rows of the training data have an empty completion", StringComparison.Ordinal), messages, "singles");
        CollectionAssert.AreEqual(new[] { 6, 7 }, singles.Transform(data).GetColumn<float>("LogProbability").Index().Where(m => float.IsNaN(m.Item)).Select(m => m.Index).ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_gate_is_chosen_from_the_margins_that_it_compares(bool perToken)
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        PreferenceRow[] rows = PreferenceRow.Many(24);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        List<TrainingProgress> reports = [];
        var options = new PairwiseCringeOptions { Model = StartModel.Get(), AutoGate = true, LengthNormalizeMargin = perToken, LearningRate = 1e-12, BatchSize = 24, Seed = 1 };
        options.Training.Progress = new Progress(reports.Add);
        using PreferenceTransformer model = ml.Preference.Trainers.PairwiseCringe(options).Fit(data);
        IDataView scored = model.Transform(data);
        double[] margins = [.. scored.GetColumn<float>("ChosenLogProbability").Zip(scored.GetColumn<float>("RejectedLogProbability"), rows).Select(r =>
            perToken ? r.First / (r.Third.Chosen.Length + 1.0) - r.Second / (r.Third.Rejected.Length + 1.0) : r.First - (double)r.Second)];
        var start = MarginQuantiles.Of(margins);
        string log = messages.Single(m => m.Contains("Margins at the start", StringComparison.Ordinal));
        Assert.AreEqual(perToken, log.Contains("per token", StringComparison.Ordinal));
        double logged = double.Parse(System.Text.RegularExpressions.Regex.Match(log, "90 % ([-0-9.E]+),").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.AreEqual(start.P90, logged, 1e-3 * Math.Abs(start.P90));
        double gate = margins.Average(m => 1 / (1 + Math.Exp((m - start.P90) / (start.Deviation / 2))));
        Assert.AreEqual(gate, reports[0].Metrics["gate/mean"], 1e-3);
    }

    [TestMethod]
    public void A_gate_that_is_closed_at_the_start_is_warned_of()
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, e) => messages.Add(e.Message);
        ml.Preference.Trainers.PairwiseCringe(StartModel.Get(), offset: -1000, temperature: 1).Fit(ml.Data.LoadFromEnumerable(PreferenceRow.Many(24))).Dispose();
        Assert.ContainsSingle(m => m.Contains("next to nothing is learned", StringComparison.Ordinal), messages);
        messages.Clear();
        var options = new PairwiseCringeOptions { Model = StartModel.Get(), AutoGate = true };
        ml.Preference.Trainers.PairwiseCringe(options).Fit(ml.Data.LoadFromEnumerable(PreferenceRow.Many(1))).Dispose();
        Assert.ContainsSingle(m => m.Contains("AutoGate finds the same margin in all 1 pairs", StringComparison.Ordinal), messages);
        Assert.DoesNotContain(m => m.Contains("next to nothing is learned", StringComparison.Ordinal), messages);
    }

    [TestMethod]
    public void Validation_metrics_of_single_completions_do_not_depend_on_the_batches()
    {
        IReadOnlyDictionary<string, double> Validate(int batchSize)
        {
            var ml = new MLContext(seed: 1);
            List<TrainingProgress> reports = [];
            var options = new BinaryCringeOptions { Model = StartModel.Get(), CompletionColumnName = "Completion", BatchSize = batchSize, LearningRate = 1e-12, Seed = 1 };
            options.Training.Progress = new Progress(reports.Add);
            IDataView data = ml.Data.LoadFromEnumerable(PreferenceRow.Many(24));
            ml.Preference.Trainers.BinaryCringe(options).Fit(data, data).Dispose();
            return reports.Last(r => r.Validation.Count > 0).Validation.ToDictionary(m => m.Name, m => m.Value);
        }

        IReadOnlyDictionary<string, double> whole = Validate(24), one = Validate(1);
        Assert.IsTrue(whole.ContainsKey("rewards/margins") && whole.ContainsKey("ce_loss"));
        foreach ((string name, double value) in whole)
            Assert.AreEqual(value, one[name], 1e-4, name);
    }

    [TestMethod]
    public void Data_of_which_every_completion_is_cut_away_are_refused()
    {
        var ml = new MLContext(seed: 1);
        PreferenceRow[] rows = PreferenceRow.Many(8);
        foreach (PreferenceRow row in rows)
            row.Prompt = new string('a', TinyModel.ContextLength + 4);
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(ml.Data.LoadFromEnumerable(rows)));
        Assert.Contains("no rows", error.Message);
    }

    [TestMethod]
    public void Tokens_of_another_tokenizer_are_refused()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(PreferenceRow.Many(24));
        data = ml.Transforms.Text.TokenizeBytePairs("Prompt", vocabularySize: 264).Fit(data).Transform(data);
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(data));
        Assert.Contains("'Prompt'", error.Message);
    }

    [TestMethod]
    public void Without_a_model_the_option_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Preference.Trainers.PairwiseCringe(new PairwiseCringeOptions()));
        Assert.Contains("Model", error.Message);
    }

    [TestMethod]
    public void Single_completions_are_refused_by_a_loss_of_pairs()
    {
        var options = new DirectPreferenceOptions { Model = StartModel.Get(), CompletionColumnName = "Completion" };
        var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Preference.Trainers.DirectPreference(options));
        Assert.Contains("CompletionColumnName", error.Message);
    }

    [TestMethod]
    public void Metrics_have_the_names_of_TRL()
    {
        var ml = new MLContext(seed: 1);
        List<TrainingProgress> reports = [];
        var options = new DirectPreferenceOptions { Model = StartModel.Get(), Seed = 1, LearningRate = 1e-9 };
        options.Training.Progress = new Progress(reports.Add);
        ml.Preference.Trainers.DirectPreference(options).Fit(ml.Data.LoadFromEnumerable(PreferenceRow.Many(24))).Dispose();
        foreach (string name in new[] { "rewards/chosen", "rewards/rejected", "rewards/margins", "rewards/accuracies", "logps/chosen", "logps/rejected" })
            Assert.IsTrue(reports[0].Metrics.ContainsKey(name), name);
        Assert.AreEqual(0, reports[0].Metrics["rewards/margins"], 1e-5, "the model is its own reference");
    }

    [TestMethod]
    public void The_language_model_generates_and_goes_on_training()
    {
        var ml = new MLContext(seed: 1);
        using PreferenceTransformer model = ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(ml.Data.LoadFromEnumerable(PreferenceRow.Many(24)));
        Assert.HasCount(1, model.LanguageModel.GenerateText(["adgj"], new() { MaxNewTokens = 8 }));
        using PreferenceTransformer again = ml.Preference.Trainers.PairwiseCringe(model.LanguageModel).Fit(ml.Data.LoadFromEnumerable(PreferenceRow.Many(24)));
        Assert.AreEqual(model.VocabularySize, again.VocabularySize);
    }

    [TestMethod]
    public void What_Fit_returns_is_evaluated_and_compared_like_its_language_model()
    {
        var ml = new MLContext(seed: 1);
        IDataView text = ml.Data.LoadFromEnumerable(PreferenceRow.Many(24));
        using PreferenceTransformer trained = ml.Preference.Trainers.PairwiseCringe(StartModel.Get()).Fit(text);
        PreferenceMetrics whole = ml.Preference.Evaluate(trained, text), inner = ml.Preference.Evaluate(trained.LanguageModel, text);
        CollectionAssert.AreEqual(inner.Pairs.ToArray(), whole.Pairs.ToArray());
        Assert.AreEqual(StartModel.Get().EndId, whole.EndTokenId);
        var judge = new RewardJudge((_, completion) => completion.Length);
        PreferenceComparison comparison = ml.Preference.Compare(trained, trained.LanguageModel, text, judge, maxNewTokens: 4);
        Assert.AreEqual(24, comparison.WinRate.Identical);
        Assert.AreEqual(trained.LanguageModel.GenerateText(["adgj"], new() { MaxNewTokens = 4 })[0], trained.Decode(trained.Generate([trained.EncodePrompt("adgj")], new() { MaxNewTokens = 4 })[0]));

        IDataView foreign = text;
        foreach (string column in new[] { "Prompt", "Chosen", "Rejected" })
            foreign = ml.Transforms.Text.TokenizeBytePairs(column, vocabularySize: 264).Fit(foreign).Transform(foreign);
        Assert.Contains("made by the tokenizer", Assert.ThrowsExactly<ArgumentException>(() => ml.Preference.Evaluate(trained, foreign)).Message);
        Assert.Contains("made by the tokenizer", Assert.ThrowsExactly<ArgumentException>(() => ml.Preference.Compare(trained, trained, foreign, judge, maxNewTokens: 4)).Message);
    }

    private sealed class Progress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private static IEnumerable<double> Margins(IDataView scored) => scored.GetColumn<float>("Margin").Select(m => (double)m);

    /// <summary>The mean margin of the model that training begins with: what a fit without a step leaves.</summary>
    private static double StartMargin(MLContext ml, IDataView data)
    {
        var options = new PairwiseCringeOptions { Model = StartModel.Get(), LearningRate = 1e-12, Seed = 1 };
        using PreferenceTransformer start = ml.Preference.Trainers.PairwiseCringe(options).Fit(data);
        return Margins(start.Transform(data)).Average();
    }
}
