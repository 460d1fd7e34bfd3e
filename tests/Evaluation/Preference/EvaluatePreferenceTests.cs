using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class EvaluatePreferenceTests
{
    private static readonly double[][] Table = Logs([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]]);
    private static readonly double[][] Uniform = [.. Enumerable.Repeat(Enumerable.Repeat(-Math.Log(3), 3).ToArray(), 3)];

    private static readonly (int[] Prompt, int[] Chosen, int[] Rejected)[] Pairs =
    [
        // ln 0.25 + ln 0.6 against ln 0.25: longer, and less likely for it.
        ([0], [1, 1], [2]),
        // ln 0.6 against ln 0.2; what the prompt's own tokens cost does not count.
        ([0, 2, 1], [1], [0]),
        // ln 0.1 against ln 0.1.
        ([2], [0], [1]),
        // ln 0.8 + ln 0.8 against ln 0.1 + ln 0.25.
        ([1, 2], [2, 2], [0, 2]),
    ];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Metrics_AreThoseOfTheCompletionsAlone()
    {
        PreferenceMetrics metrics = _ml.Preference.Evaluate(Model(), PairRow.Load(_ml, Pairs));

        Assert.AreEqual(0.5, metrics.Accuracy);
        Assert.AreEqual(1, metrics.Margins.Ties);
        Assert.AreEqual(2, metrics.Margins.Correct);
        Assert.AreEqual(0.25, metrics.Margins.StandardError, 1e-12);
        Assert.AreEqual((Math.Log(0.6) + Math.Log(3) + Math.Log(0.64 / 0.025)) / 4, metrics.Margins.Margin.Mean, 1e-6);
        Assert.AreEqual(Math.Log(0.6), metrics.Margins.Margin.Minimum, 1e-6);
        Assert.AreEqual(Math.Log(3) / 2, metrics.Margins.Margin.Median, 1e-6);
        Assert.AreEqual(0.75, metrics.MarginsPerToken.Accuracy);
        Assert.AreEqual(Math.Log(0.15) / 2 - Math.Log(0.25), metrics.Pairs[0].MarginPerToken, 1e-6);
        Assert.AreEqual((Math.Log(0.15) + Math.Log(0.6) + Math.Log(0.1) + Math.Log(0.64)) / 4, metrics.Chosen.LogProbability.Mean, 1e-6);
        Assert.AreEqual((Math.Log(0.15) / 2 + Math.Log(0.6) + Math.Log(0.1) + Math.Log(0.64) / 2) / 4, metrics.Chosen.LogProbabilityPerToken.Mean, 1e-6);
        Assert.AreEqual(1.5, metrics.Chosen.TokenCount.Mean);
        Assert.AreEqual(1.25, metrics.Rejected.TokenCount.Mean);
        CollectionAssert.AreEqual(new[] { 0L, 1L, 2L, 3L }, metrics.Pairs.Select(pair => pair.Row).ToArray());
        Assert.IsNull(metrics.Rewards);
        Assert.IsNull(metrics.Divergence);
        Assert.IsNull(metrics.EndTokenId);
        Assert.AreEqual(0, metrics.EmptyRows + metrics.EqualRows + metrics.CutAwayRows + metrics.PromptsCut + metrics.CompletionsCut);
    }

    [TestMethod]
    public void Rewards_AreBetaTimesTheLogRatioToTheReference()
    {
        PreferenceMetrics metrics = Evaluate(Model(), new() { Reference = new BigramModel(Uniform), Beta = 0.5, DivergencePrompts = 0 });
        double tokens = Math.Log(3);
        Assert.AreEqual(0.5 * (Math.Log(0.15) + 2 * tokens), 0.5 * metrics.Pairs[0].Chosen.LogRatio!.Value, 1e-6);
        Assert.AreEqual(0.5 * (metrics.Chosen.LogProbability.Mean + 1.5 * tokens), metrics.Rewards!.Chosen.Mean, 1e-6);
        Assert.AreEqual(0.5 * (metrics.Rejected.LogProbability.Mean + 1.25 * tokens), metrics.Rewards.Rejected.Mean, 1e-6);
        Assert.AreEqual(metrics.Rewards.Chosen.Mean - metrics.Rewards.Rejected.Mean, metrics.Rewards.Margins.Margin.Mean, 1e-9);
        // Longer by a token, the first chosen one gains ln 3 over ln 0.6 < 0.
        Assert.AreEqual(0.75, metrics.Rewards.Margins.Accuracy);
        Assert.AreEqual(0.5, metrics.Rewards.Beta);
        Assert.IsNull(metrics.Divergence);
        Assert.IsNull(Evaluate(new ScorerAlone(Model()), new() { Reference = Model() }).Divergence);
    }

    [TestMethod]
    public void Model_ThatIsItsOwnReference_HasNoRewardsAndNoDivergence()
    {
        var model = new ScriptedModel(_ => "bc", new BigramModel(Table));
        PreferenceMetrics metrics = Evaluate(model, new() { Reference = model, DivergenceTokens = 2 });
        Assert.AreEqual(0, metrics.Rewards!.Margins.Accuracy);
        Assert.AreEqual(4, metrics.Rewards.Margins.Ties);
        Assert.AreEqual(0, metrics.Divergence!.PerToken);
    }

    [TestMethod]
    [DataRow(true, 2, 2)]
    [DataRow(true, null, 1)]
    [DataRow(false, null, null)]
    public void EndToken_IsTheCallersOrTheModels_AndIsScored(bool append, int? given, int? expected)
    {
        var model = new ScriptedModel(_ => "", new BigramModel(Table), codec: new LetterCodec(endId: 1));
        PreferenceMetrics metrics = Evaluate(model, new() { AppendEnd = append, EndTokenId = given }, ([0], [0, 0], [0, 1]));
        Assert.AreEqual(expected, metrics.EndTokenId);
        double end = expected is { } id ? Table[0][id] : 0;
        Assert.AreEqual(2 * Math.Log(0.5) + end, metrics.Pairs[0].Chosen.LogProbability, 1e-6);
        // A completion that ends with it is not given a second one.
        Assert.AreEqual(Math.Log(0.125) + (expected == 2 ? Table[1][2] : 0), metrics.Pairs[0].Rejected.LogProbability, 1e-6);
    }

    [TestMethod]
    public void EndToken_MayBeTheOneThatTheColumnNames()
    {
        PairRow[] rows = [new() { Prompt = [0], Chosen = [0], Rejected = [1] }];
        IDataView data = PairRow.Load(_ml, rows, new TokenColumnInfo(3, new Dictionary<string, int> { ["eos"] = 2 }, "{}", "f"));
        PreferenceMetrics metrics = _ml.Preference.Evaluate(Model(), data);
        Assert.AreEqual(2, metrics.EndTokenId);
        Assert.AreEqual(Math.Log(0.5 * 0.25), metrics.Pairs[0].Chosen.LogProbability, 1e-6);
        Assert.Contains("End token", metrics.ToString());
    }

    [TestMethod]
    public void Prompt_MayBeWhatBothCompletionsBeginWith()
    {
        PreferenceMetrics metrics = Evaluate(Model(), new() { PromptColumnName = null }, ([], [0, 1, 1], [0, 1, 2, 2]));
        Assert.AreEqual(Math.Log(0.6), metrics.Pairs[0].Chosen.LogProbability, 1e-6);
        Assert.AreEqual(Math.Log(0.2 * 0.8), metrics.Pairs[0].Rejected.LogProbability, 1e-6);
        Assert.AreEqual(2, metrics.Pairs[0].Rejected.TokenCount);
    }

    [TestMethod]
    public void EqualSequences_WithThePromptInside_AreEqual_NotEmpty()
    {
        PreferenceMetrics metrics = Evaluate(
            Model(), new() { PromptColumnName = null }, ([], [0, 1, 1], [0, 1, 1]), ([], [0, 1], [0, 1, 2]), ([], [], []), ([], [0, 1, 1], [0, 1, 2]));
        Assert.AreEqual(1, metrics.EqualRows);
        Assert.AreEqual(2, metrics.EmptyRows);
        Assert.AreEqual(3, metrics.Pairs.Single().Row);
    }

    [TestMethod]
    public void Completion_WithoutAPrompt_IsScoredFromItsSecondToken()
    {
        PreferenceMetrics metrics = Evaluate(Model(), new(), ([], [0, 1], [2, 2, 2]), ([], [1], [2, 2]));
        Assert.AreEqual(Math.Log(0.25), metrics.Pairs.Single().Chosen.LogProbability, 1e-6);
        Assert.AreEqual(1, metrics.Pairs[0].Chosen.TokenCount);
        Assert.AreEqual(Math.Log(0.64), metrics.Pairs[0].Rejected.LogProbability, 1e-6);
        Assert.AreEqual(1, metrics.EmptyRows);
    }

    [TestMethod]
    public void Rows_ThatSayNothing_AreLeftOutAndCounted()
    {
        PreferenceMetrics metrics = Evaluate(Model(), new() { EndTokenId = 2 }, ([0], [], [1]), ([0], [1], [1, 2]), ([0], [1], [0]), ([0], [1], []));
        Assert.AreEqual(2, metrics.EmptyRows);
        Assert.AreEqual(1, metrics.EqualRows);
        Assert.AreEqual(2, metrics.Pairs.Single().Row);
        Assert.Contains("1 (2, 1, 0)", metrics.ToString());
        Assert.Contains("no pair to score: 1 rows have an empty completion, 1 two equal ones, and 0", Assert.ThrowsExactly<InvalidOperationException>(
            () => Evaluate(Model(), new(), ([0], [], [1]), ([0], [1], [1]))).Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Preference.Evaluate(Model(), PairRow.Load(_ml)));
    }

    [TestMethod]
    public void LongPairs_LoseTheBeginningOfThePrompt_AndThenTheEndOfCompletions()
    {
        var model = new BigramModel(Table, contextLength: 4);
        PreferenceMetrics metrics = Evaluate(
            model,
            new(),
            // Two tokens of the prompt are left.
            ([0, 0, 0, 0, 1], [1, 1], [0]),
            // One token of the prompt, and three of the longer completion.
            ([0, 0, 2], [2, 2, 2, 1], [1]),
            // What tells them apart is cut away.
            ([0], [1, 1, 1, 0], [1, 1, 1, 2]),
            ([0], [1, 1, 1], [0]));
        Assert.AreEqual(Math.Log(0.36), metrics.Pairs[0].Chosen.LogProbability, 1e-6);
        Assert.AreEqual(3 * Math.Log(0.8), metrics.Pairs[1].Chosen.LogProbability, 1e-6);
        Assert.AreEqual(3, metrics.Pairs[1].Chosen.TokenCount);
        Assert.AreEqual(2, metrics.PromptsCut);
        Assert.AreEqual(1, metrics.CompletionsCut);
        Assert.AreEqual(1, metrics.CutAwayRows);
        Assert.HasCount(3, metrics.Pairs);
        Assert.Contains("Prompts cut, completions cut", metrics.ToString());

        // The reference may read less than the model.
        Assert.AreEqual(2, Evaluate(new BigramModel(Table, contextLength: 9), new() { Reference = model, DivergencePrompts = 0 }, ([0, 0, 0, 0, 1], [1, 1], [0]), ([0, 0, 0, 0, 1], [1, 1], [0])).PromptsCut);
        Assert.Contains(
            "The prompt of row 1 (0-based) has 5 tokens and its longer completion 2, and the model reads 4",
            Assert.ThrowsExactly<ArgumentException>(() => Evaluate(model, new() { LongSequences = LongSequencePolicy.Refuse }, ([0], [1], [0]), ([0, 0, 0, 0, 1], [1, 1], [0]))).Message);
    }

    [TestMethod]
    public void Text_IsReadAsTheModelReadsIt()
    {
        PairRow[] rows = [new() { PromptText = "acb", ChosenText = "b", RejectedText = "a" }];
        var options = new PreferenceEvaluationOptions { PromptColumnName = "PromptText", ChosenColumnName = "ChosenText", RejectedColumnName = "RejectedText" };
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        Assert.Contains(
            "prompt column 'PromptText' is text, and the model does not say how it reads text",
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Preference.Evaluate(Model(), data, options)).Message);
        options.Codec = new LetterCodec(endId: 1);
        Assert.AreEqual(Math.Log(0.6), _ml.Preference.Evaluate(Model(), data, options).Pairs[0].Chosen.LogProbability, 1e-6);
        Assert.AreEqual(Math.Log(0.2 * 0.25), _ml.Preference.Evaluate(Model(), data, options).Pairs[0].Rejected.LogProbability, 1e-6);
    }

    [TestMethod]
    public void Tokens_OfAnotherTokenizer_AreRefused()
    {
        IDataView data = PairRow.Load(_ml, [new() { Prompt = [0], Chosen = [0], Rejected = [1] }], new TokenColumnInfo(3, new Dictionary<string, int>(), "{}", "f"));
        Assert.Contains("made by the tokenizer f, but the model was trained on tokens of g", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Preference.Evaluate(Of("g"), data, reference: null)).Message);
        Assert.Contains("Reference has another tokenizer", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Preference.Evaluate(Of("f"), data, reference: Of("g"))).Message);
        Assert.Contains("'Prompt' does not say which tokenizer made it", Assert.ThrowsExactly<ArgumentException>(() => Evaluate(Of("f"), new())).Message);
        Assert.HasCount(1, _ml.Preference.Evaluate(Of("f"), data).Pairs);

        static BigramModel Of(string fingerprint) => new(Table) { TokenizerFingerprint = fingerprint };
    }

    [TestMethod]
    public void Divergence_IsMeasuredOnWhatTheModelGenerates_TheEndIncluded()
    {
        // After a: b and the end c, behind which nothing counts. After b: three a, which is all that is asked for.
        var model = new ScriptedModel(prompt => prompt.EndsWith('a') ? "bca" : "aaa", new BigramModel(Table), contextLength: 5, new LetterCodec(endId: 2));
        var options = new PreferenceEvaluationOptions { Reference = new BigramModel(Uniform), DivergenceTokens = 3, Seed = 5 };
        PreferenceMetrics metrics = Evaluate(model, options, ([0], [1], [0]), ([0], [0], [1]), ([2, 2, 1], [1], [0]), ([1], [1], [0]));
        double first = Math.Log(0.25) + Math.Log(0.2) + 2 * Math.Log(3), second = Math.Log(0.2) + 2 * Math.Log(0.5) + 3 * Math.Log(3);
        DivergenceEstimate estimate = metrics.Divergence!;
        Assert.AreEqual(3, estimate.CompletionCount);
        Assert.AreEqual(8, estimate.TokenCount);
        Assert.AreEqual((first + 2 * second) / 8, estimate.PerToken, 1e-6);
        Assert.AreEqual((first + 2 * second) / 3, estimate.PerCompletion.Mean, 1e-6);
        // Equal prompts count once, and prompts keep their end.
        CollectionAssert.AreEqual(new[] { "a", "cb", "b" }, model.Prompts.ToArray());
        Assert.IsTrue(model.Generations.All(generation => generation is { Temperature: 1, TopK: 0, TopP: 1, MaxNewTokens: 3, StopAtEnd: false, Seed: 5 }));
        Assert.Contains("KL a token (nats)", metrics.ToString());

        options.DivergencePrompts = 1;
        Assert.AreEqual(1, Evaluate(model, options).Divergence!.CompletionCount);
    }

    [TestMethod]
    public void Batches_ChangeNothing()
    {
        var model = new BigramModel(Table);
        PreferenceMetrics all = Evaluate(model, new() { Reference = new BigramModel(Uniform), DivergencePrompts = 0 });
        model.Calls.Clear();
        PreferenceMetrics small = Evaluate(model, new() { Reference = new BigramModel(Uniform), BatchSize = 1, DivergencePrompts = 0 });
        CollectionAssert.AreEqual(new[] { 2, 2, 2, 2 }, model.Calls.ToArray());
        CollectionAssert.AreEqual(all.Pairs.ToArray(), small.Pairs.ToArray());
    }

    [TestMethod]
    public void Progress_IsReported_AndCancellationEndsBetweenBatches()
    {
        var progress = new Recorder<EvaluationProgress>();
        var model = new ScriptedModel(_ => "bc", new BigramModel(Table));
        var options = new PreferenceEvaluationOptions { Reference = new BigramModel(Uniform), BatchSize = 2, DivergenceTokens = 2, Progress = progress };
        Evaluate(model, options, [.. Pairs, ([0], [], [1])]);
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Preference, 5, 5, 11), progress.Reports.Last(report => report.Stage == EvaluationStage.Preference));
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Divergence, 4, 4, 8), progress.Reports[^1]);

        using var cancellation = new CancellationTokenSource();
        var cancelled = new BigramModel(Table);
        options.Progress = new Recorder<EvaluationProgress>(_ => cancellation.Cancel());
        options.CancellationToken = cancellation.Token;
        Assert.ThrowsExactly<OperationCanceledException>(() => Evaluate(cancelled, options));
        Assert.HasCount(1, cancelled.Calls);
    }

    [TestMethod]
    public void WrongOptions_AreNamed()
    {
        Refused<ArgumentException>("no prompt column 'Question'", new() { PromptColumnName = "Question" });
        Refused<ArgumentException>("no chosen column 'Good'", new() { ChosenColumnName = "Good" });
        Refused<ArgumentException>("no rejected column 'Bad'", new() { RejectedColumnName = "Bad" });
        Refused<ArgumentException>("ChosenColumnName", new() { ChosenColumnName = " " });
        Refused<ArgumentException>("PromptColumnName", new() { PromptColumnName = "" });
        Refused<ArgumentOutOfRangeException>("EndTokenId must be one of the model's 3 tokens", new() { EndTokenId = 3 });
        Refused<ArgumentOutOfRangeException>("EndTokenId", new() { EndTokenId = -1 });
        Refused<ArgumentException>("AppendEnd is false", new() { EndTokenId = 1, AppendEnd = false });
        Refused<ArgumentException>("LongSequences must be", new() { LongSequences = (LongSequencePolicy)5 });
        Refused<ArgumentOutOfRangeException>("Beta must be above 0", new() { Beta = 0 });
        Refused<ArgumentOutOfRangeException>("Beta must be above 0", new() { Beta = double.NaN });
        Refused<ArgumentOutOfRangeException>("DivergencePrompts", new() { DivergencePrompts = -1 });
        Refused<ArgumentOutOfRangeException>("DivergenceTokens", new() { DivergenceTokens = 0 });
        Refused<ArgumentOutOfRangeException>("Confidence", new() { Confidence = 1 });
        Refused<ArgumentOutOfRangeException>("resamples", new() { Resamples = 0 });
        Refused<ArgumentOutOfRangeException>("BatchSize", new() { BatchSize = 0 });
        Refused<ArgumentException>("DivergenceTokens 8 and a prompt do not fit the context of 8", new() { Reference = Model(), DivergenceTokens = 8 });
        Assert.Contains("'Row' must be a vector of Int32, or text", Assert.ThrowsExactly<ArgumentException>(() => _ml.Preference.Evaluate(
            Model(), _ml.Data.LoadFromEnumerable(new[] { new { Prompt = new[] { 0 }, Row = 1L } }), chosenColumnName: "Row")).Message);
        Assert.Contains("ContextLength is 1", Assert.ThrowsExactly<ArgumentException>(() => Evaluate(new BigramModel(Table, contextLength: 1), new())).Message);

        void Refused<T>(string message, PreferenceEvaluationOptions options)
            where T : ArgumentException => Assert.Contains(message, Assert.ThrowsExactly<T>(() => Evaluate(Model(), options)).Message);
    }

    [TestMethod]
    public void BadData_IsNamed()
    {
        Assert.Contains(
            "Token 1 of row 1 (0-based) of column 'Rejected' is 3, and the model knows the ids 0 to 2",
            Assert.ThrowsExactly<ArgumentException>(() => Evaluate(Model(), new(), ([0], [1], [2]), ([0], [1], [2, 3]))).Message);
        double[][] nan = [.. Table];
        nan[1] = [double.NaN, 0, 0];
        Assert.Contains(
            "NaN as the log-probability of token 1 (0-based, a start token counted) of row 1 (0-based) of column 'Rejected'",
            Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new BigramModel(nan), new(), ([0], [1], [2]), ([1], [1], [0]))).Message);
        nan[1] = [double.NegativeInfinity, 0, 0];
        Assert.Contains(
            "gave the completion of row 0 (0-based) of column 'Chosen' a probability of 0",
            Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new BigramModel(nan), new(), ([1], [0], [1]))).Message);
        Assert.Contains(
            "generated 1 tokens for the continuation of prompt 0 (0-based, of different ones) and not the 2 asked for: with StopAtEnd off",
            Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(
                new ScriptedModel(_ => "b", new BigramModel(Table)), new() { Reference = Model(), DivergenceTokens = 2 })).Message);
        Assert.Contains("The pair of row 7", Assert.ThrowsExactly<ArgumentException>(() => PreferenceMetrics.Of([new(7, new(0, 0), new(1, -1))])).Message);
        Assert.ThrowsExactly<ArgumentException>(() => PreferenceMetrics.Of([]));
    }

    [TestMethod]
    public void Report_PutsModelsSideBySide()
    {
        PreferenceMetrics start = _ml.Preference.Evaluate(Model(), PairRow.Load(_ml, Pairs));
        PreferenceMetrics trained = Evaluate(Model(), new() { Reference = new BigramModel(Uniform), DivergencePrompts = 0 });
        PreferenceReport report = new PreferenceReport("Harmless").Add("Start", start).Add("Trained", trained);
        string[] lines = report.ToString().Split(Environment.NewLine);
        CollectionAssert.AreEqual(new[] { "Preference", "Start", "Trained" }, lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        CollectionAssert.AreEqual(new[] { "50.0 % ± 25.0 %", "50.0 % ± 25.0 %" }, Cells("Preference accuracy"));
        CollectionAssert.AreEqual(new[] { "n/a", "75.0 % ± 21.7 %" }, Cells("Reward accuracy"));
        CollectionAssert.AreEqual(new[] { "0.0 ± 0.0" }, Cells("Gain over Start (points)"));
        CollectionAssert.AreEqual(new[] { "0.0 to 0.0" }, Cells("Gain over Start (points), interval"));
        Assert.DoesNotContain("Gain", new PreferenceReport().Add("Start", start).ToString());
        CollectionAssert.AreEqual(new[] { "0.549", "0.549" }, Cells("Margin, quantile 0.5"));
        Assert.ThrowsExactly<ArgumentException>(() => report.Add("Start", start));
        Assert.ThrowsExactly<InvalidOperationException>(() => new PreferenceReport().ToString());

        string path = Path.GetTempFileName();
        try
        {
            report.Save(path);
            Assert.StartsWith("# Harmless\n\n| Preference | Start | Trained |\n|---|---:|---:|\n", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }

        string[] Cells(string name) => lines.Single(line => line.StartsWith(name + "  ", StringComparison.Ordinal))[name.Length..].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static BigramModel Model() => new(Table);

    private static double[][] Logs(double[][] probabilities) => [.. probabilities.Select(row => Array.ConvertAll(row, Math.Log))];

    private PreferenceMetrics Evaluate(ISequenceScorer model, PreferenceEvaluationOptions options, params (int[] Prompt, int[] Chosen, int[] Rejected)[] pairs) =>
        _ml.Preference.Evaluate(model, PairRow.Load(_ml, pairs.Length == 0 ? Pairs : pairs), options);

    /// <summary>A model that does not generate.</summary>
    private sealed class ScorerAlone(ISequenceScorer scorer) : ISequenceScorer
    {
        public int VocabularySize => scorer.VocabularySize;

        public int ContextLength => scorer.ContextLength;

        public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences) => scorer.LogProbabilities(sequences);
    }
}
