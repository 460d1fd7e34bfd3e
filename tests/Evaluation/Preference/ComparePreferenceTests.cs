using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class ComparePreferenceTests
{
    private static readonly BigramModel Scorer = BigramModel.Random(seed: 1, vocabulary: 26, contextLength: 16);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void WinRate_IsThatOfTheReward()
    {
        // A continues with as many x as the prompt has letters, B always with two.
        PreferenceComparison comparison = Compare(prompt => new string('x', prompt.Length), _ => "xx", Length(), new(), "a", "bb", "ccc", "dddd");
        // Shorter than B, equal to it, longer, longer.
        Assert.AreEqual(2.5 / 4, comparison.WinRate.Value, 1e-12);
        Assert.AreEqual(2, comparison.WinRate.Wins);
        Assert.AreEqual(1, comparison.WinRate.Ties);
        Assert.AreEqual(1, comparison.WinRate.Losses);
        Assert.AreEqual(1, comparison.WinRate.Identical);
        Assert.AreEqual(0.5, comparison.WinRate.FirstPlaceShare);
        Assert.AreEqual(1, comparison.WinRate.Consistency);
        Assert.AreEqual(2.5, comparison.TextsOfA.Characters.Mean);
        Assert.AreEqual(2, comparison.TextsOfB.Characters.Mean);
        PromptComparison third = comparison.Prompts[2];
        Assert.AreEqual((2L, "ccc", "xxx", "xx"), (third.Row, third.Prompt, third.A, third.B));
        Assert.AreEqual(new BothOrders(PreferenceVerdict.First, PreferenceVerdict.Second), third.Verdicts);
        Assert.IsNull(comparison.Prompts[1].Verdicts);
        Assert.Contains("62.5 %", comparison.ToString());
        Assert.Contains("Length (characters)", comparison.ToString());
    }

    [TestMethod]
    public void Model_AgainstItself_WinsHalf_AndNoJudgeIsAsked()
    {
        var judge = new RecordingJudge(_ => throw new AssertFailedException("The judge was asked."));
        PreferenceComparison comparison = Compare(prompt => prompt, prompt => prompt, judge, new(), "a", "b");
        Assert.AreEqual(0.5, comparison.WinRate.Value);
        Assert.AreEqual(2, comparison.WinRate.Identical);
        Assert.AreEqual(0, comparison.WinRate.StandardError);
    }

    [TestMethod]
    public void Judge_ThatPrefersAPlace_ShowsIt_AndDecidesNothing()
    {
        var judge = new RecordingJudge(_ => PreferenceVerdict.First);
        PreferenceComparison comparison = Compare(_ => "x", _ => "y", judge, new() { BatchSize = 2 }, "a", "b", "c");
        Assert.AreEqual(0.5, comparison.WinRate.Value);
        Assert.AreEqual(1, comparison.WinRate.FirstPlaceShare);
        Assert.AreEqual(0, comparison.WinRate.Consistency);
        CollectionAssert.AreEqual(
            new PreferenceQuestion[] { new(0, "a", "x", "y"), new(1, "b", "x", "y"), new(0, "a", "y", "x"), new(1, "b", "y", "x"), new(2, "c", "x", "y"), new(2, "c", "y", "x") },
            judge.Questions.ToArray());
    }

    [TestMethod]
    public void UnreadableVerdicts_LeaveTheirPromptOut()
    {
        var judge = new RecordingJudge(question => question switch
        {
            { Prompt: "a", First: "y" } => PreferenceVerdict.Unreadable,
            { First: "x" } => PreferenceVerdict.First,
            _ => PreferenceVerdict.Second,
        });
        PreferenceComparison comparison = Compare(_ => "x", _ => "y", judge, new(), "a", "b");
        Assert.AreEqual(1, comparison.WinRate.Unreadable);
        Assert.AreEqual(1, comparison.WinRate.PromptCount);
        Assert.AreEqual(1, comparison.WinRate.Value);
        Assert.HasCount(2, comparison.Prompts);
        Assert.Contains("verdicts on 1 prompts could not be read", Assert.ThrowsExactly<InvalidOperationException>(
            () => Compare(_ => "x", _ => "y", judge, new(), "a")).Message);
        // Equal continuations, on which nobody is asked, do not make up for a judge that says nothing.
        Assert.Contains("verdicts on 1 prompts could not be read", Assert.ThrowsExactly<InvalidOperationException>(
            () => Compare(prompt => prompt == "a" ? "x" : "z", prompt => prompt == "a" ? "y" : "z", judge, new(), "a", "b")).Message);
    }

    [TestMethod]
    public void Prompts_MayBeTokens_AndAreShownWhole()
    {
        var judge = new RecordingJudge(_ => PreferenceVerdict.Tie);
        ScriptedModel a = Model(_ => "x", contextLength: 6), b = Model(_ => "y", contextLength: 4);
        IDataView prompts = _ml.Data.LoadFromEnumerable(new[] { "abcdef", "", "ab" }.Select(text => new PairRow { Prompt = new LetterCodec().EncodePrompt(text) }).ToArray());
        PreferenceComparison comparison = _ml.Preference.Compare(a, b, prompts, judge, maxNewTokens: 2);
        Assert.AreEqual("abcdef", judge.Questions[0].Prompt);
        CollectionAssert.AreEqual(new[] { "cdef", "ab" }, a.Prompts.ToArray());
        CollectionAssert.AreEqual(new[] { "ef", "ab" }, b.Prompts.ToArray());
        Assert.AreEqual(1, comparison.PromptsCut);
        Assert.AreEqual(1, comparison.EmptyPrompts);
        Assert.AreEqual(2, comparison.Prompts[1].Row);
        Assert.Contains(
            "The prompt in row 0 (0-based) of column 'Prompt' has 6 tokens, and beside 2 new ones model A reads 4",
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Preference.Compare(
                a, b, prompts, judge, new PreferenceComparisonOptions { Generation = new() { MaxNewTokens = 2 }, LongSequences = LongSequencePolicy.Refuse })).Message);
    }

    [TestMethod]
    public void Generation_HasASeed_AndWhatDoesNotEndIsCounted()
    {
        var options = new PreferenceComparisonOptions { Generation = new() { MaxNewTokens = 3, Temperature = 0.7 }, Seed = 9 };
        ScriptedModel a = Model(_ => "xyz"), b = Model(_ => "x");
        PreferenceComparison comparison = _ml.Preference.Compare(a, b, Texts("a", "b"), Length(), With(options));
        Assert.AreEqual(2, comparison.UnfinishedA);
        Assert.AreEqual(0, comparison.UnfinishedB);
        Assert.IsTrue(a.Generations.Concat(b.Generations).All(generation => generation is { Seed: 9, Temperature: 0.7, MaxNewTokens: 3 }));
        Assert.IsNull(options.Generation.Seed);
        options.Generation.Seed = 4;
        _ml.Preference.Compare(a, b, Texts("a"), Length(), With(options));
        Assert.AreEqual(4, a.Generations[^1].Seed);
    }

    [TestMethod]
    public void References_GiveUnigramF1()
    {
        PairRow[] rows = [new() { PromptText = "a", ChosenText = "X!" }, new() { PromptText = "b", ChosenText = "y" }];
        PreferenceComparison comparison = _ml.Preference.Compare(
            Model(_ => "x"), Model(_ => "z"), _ml.Data.LoadFromEnumerable(rows), Length(), With(new() { ReferenceColumnName = "ChosenText", Generation = new() { MaxNewTokens = 3 } }));
        Assert.AreEqual(0.5, comparison.TextsOfA.UnigramF1!.Mean);
        Assert.AreEqual(0, comparison.TextsOfB.UnigramF1!.Mean);
    }

    [TestMethod]
    public void NaNReward_NamesTheRow()
    {
        var judge = new RewardJudge((prompt, completion) => prompt == "c" && completion == "y" ? double.NaN : 0);
        Assert.Contains("The reward of a completion of the prompt in row 2 (0-based) is NaN", Assert.ThrowsExactly<InvalidOperationException>(
            () => Compare(_ => "x", _ => "y", judge, new(), "a", "b", "c")).Message);
    }

    [TestMethod]
    public void Progress_IsReported_AndCancellationEndsBetweenBatches()
    {
        var progress = new Recorder<EvaluationProgress>();
        Compare(_ => "xx", _ => "y", Length(), new() { BatchSize = 2, Progress = progress }, "a", "", "b", "c", "");
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Comparison, 3, 5, 6), progress.Reports[0]);
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Comparison, 5, 5, 9), progress.Reports[^1]);

        using var cancellation = new CancellationTokenSource();
        var options = new PreferenceComparisonOptions
        {
            BatchSize = 1,
            Progress = new Recorder<EvaluationProgress>(_ => cancellation.Cancel()),
            CancellationToken = cancellation.Token,
        };
        var judge = new RecordingJudge(_ => PreferenceVerdict.Tie);
        Assert.ThrowsExactly<OperationCanceledException>(() => Compare(_ => "x", _ => "y", judge, options, "a", "b"));
        Assert.HasCount(2, judge.Questions);
    }

    [TestMethod]
    public void Tokens_OfAnotherTokenizer_AreRefused()
    {
        IDataView prompts = PairRow.Load(_ml, [new() { Prompt = [0] }], new TokenColumnInfo(26, new Dictionary<string, int>(), "{}", "f"));
        Refused("trained on tokens of g", Of("g"), Of("f"));
        Refused("trained on tokens of h", Of("f"), Of("h"));
        Assert.HasCount(1, _ml.Preference.Compare(Of("f"), Of("f"), prompts, Length(), maxNewTokens: 2).Prompts);
        // Text is read by each model in its own way.
        Assert.HasCount(1, _ml.Preference.Compare(Of("f"), Of("h"), Texts("a"), Length(), With(new())).Prompts);

        static ScriptedModel Of(string fingerprint) => new(_ => "x", Scorer) { TokenizerFingerprint = fingerprint };

        void Refused(string message, ITextGenerator a, ITextGenerator b) => Assert.Contains(
            message, Assert.ThrowsExactly<ArgumentException>(() => _ml.Preference.Compare(a, b, prompts, Length(), maxNewTokens: 2)).Message);
    }

    [TestMethod]
    public void WrongOptions_AreNamed()
    {
        Refused<ArgumentException>("no prompt column 'Question'", new() { PromptColumnName = "Question" });
        Refused<ArgumentException>("no reference column 'Truth'", new() { ReferenceColumnName = "Truth" });
        Refused<ArgumentException>("reference column 'Chosen' must be text", new() { ReferenceColumnName = "Chosen" });
        Refused<ArgumentOutOfRangeException>("MaxNewTokens", new() { Generation = new() { MaxNewTokens = 0 } });
        Refused<ArgumentException>("MaxNewTokens 16 do not fit the context of 16 of model A", new() { Generation = new() { MaxNewTokens = 16 } });
        Refused<ArgumentException>("LongSequences must be", new() { LongSequences = (LongSequencePolicy)5 });
        Refused<ArgumentOutOfRangeException>("RepetitionLength", new() { Text = new() { RepetitionLength = 0 } });
        Refused<ArgumentOutOfRangeException>("Confidence", new() { Confidence = 0 });
        Refused<ArgumentOutOfRangeException>("BatchSize", new() { BatchSize = 0 });
        Assert.Contains("Model A does not say how it reads and writes text: set Codec", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Preference.Compare(Scorer, Scorer, Texts("a"), Length())).Message);
        Assert.Contains("no prompt to continue in column 'PromptText': 1 are empty", Assert.ThrowsExactly<InvalidOperationException>(
            () => Compare(_ => "x", _ => "y", Length(), new(), "")).Message);
        Assert.Contains("gave 0 verdicts for 2 questions", Assert.ThrowsExactly<InvalidOperationException>(
            () => Compare(_ => "x", _ => "y", new SilentJudge(), new(), "a")).Message);
        Assert.Contains("Token 0 of row 0 (0-based) of column 'PromptText' is 57", Assert.ThrowsExactly<ArgumentException>(
            () => Compare(_ => "x", _ => "y", Length(), new(), "\u009a")).Message);

        void Refused<T>(string message, PreferenceComparisonOptions options)
            where T : ArgumentException => Assert.Contains(message, Assert.ThrowsExactly<T>(() => _ml.Preference.Compare(
                Model(_ => "x"), Model(_ => "y"), Texts("a"), Length(), With(options))).Message);
    }

    private static RewardJudge Length() => new((_, completion) => completion.Length);

    private static ScriptedModel Model(Func<string, string> script, int contextLength = 16) => new(script, Scorer, contextLength);

    private static PreferenceComparisonOptions With(PreferenceComparisonOptions options)
    {
        if (options.PromptColumnName == new PreferenceComparisonOptions().PromptColumnName)
            options.PromptColumnName = "PromptText";
        if (options.Generation.MaxNewTokens == new GenerationOptions().MaxNewTokens)
            options.Generation = new() { MaxNewTokens = 8 };
        return options;
    }

    private IDataView Texts(params string[] prompts) => _ml.Data.LoadFromEnumerable(prompts.Select(prompt => new PairRow { PromptText = prompt }).ToArray());

    private PreferenceComparison Compare(
        Func<string, string> a, Func<string, string> b, IPreferenceJudge judge, PreferenceComparisonOptions options, params string[] prompts) =>
        _ml.Preference.Compare(Model(a), Model(b), Texts(prompts), judge, With(options));

    private sealed class SilentJudge : IPreferenceJudge
    {
        public IReadOnlyList<PreferenceVerdict> Judge(IReadOnlyList<PreferenceQuestion> questions, CancellationToken cancellationToken) => [];
    }
}
