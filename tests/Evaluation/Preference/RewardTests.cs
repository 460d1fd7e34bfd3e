using Microsoft.ML;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class RewardTests
{
    private static readonly PromptCompletion[] Rows = [new(0, "ab", "c"), new(1, "d", "efg")];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Function_ScoresPromptAndCompletion() =>
        CollectionAssert.AreEqual(new[] { 1.0, -2.0 }, new DelegateReward((prompt, completion) => prompt.Length - completion.Length).Score(Rows).ToArray());

    [TestMethod]
    public void Transformer_ScoresTextByItsColumns()
    {
        ITransformer model = _ml.Transforms.CustomMapping<Words, Scored>((row, scored) => scored.Score = 100 * row.Question.Length + 10 * row.Answer.Length + row.Both.Length, contractName: null)
            .Fit(_ml.Data.LoadFromEnumerable(Array.Empty<Words>()));
        IReward reward = new TransformerReward(_ml, model, promptColumnName: "Question", completionColumnName: "Answer", textColumnName: "Both");
        CollectionAssert.AreEqual(new[] { 213.0, 134.0 }, reward.ScoreAll(Rows).ToArray());
        Assert.IsEmpty(reward.ScoreAll([]));
    }

    [TestMethod]
    public void Transformer_WithoutAScoreFromText_IsRefused()
    {
        ITransformer nothing = _ml.Transforms.CopyColumns("Copy", "Text").Fit(_ml.Data.LoadFromEnumerable(new[] { new { Text = "" } }));
        Assert.Contains("no score column 'Score'", Assert.ThrowsExactly<ArgumentException>(() => new TransformerReward(_ml, nothing)).Message);
        Assert.Contains("score column 'Copy' must be a Single", Assert.ThrowsExactly<ArgumentException>(() => new TransformerReward(_ml, nothing, "Copy")).Message);
        Assert.Contains("names of their own", Assert.ThrowsExactly<ArgumentException>(() => new TransformerReward(_ml, nothing, textColumnName: "Prompt")).Message);
    }

    [TestMethod]
    public void Transformer_CanBeTheJudge()
    {
        ITransformer model = _ml.Transforms.CustomMapping<Defaults, Scored>((row, scored) => scored.Score = row.Text.Length, contractName: null)
            .Fit(_ml.Data.LoadFromEnumerable(Array.Empty<Defaults>()));
        var judge = new RewardJudge(new TransformerReward(_ml, model));
        CollectionAssert.AreEqual(
            new[] { PreferenceVerdict.Second, PreferenceVerdict.First, PreferenceVerdict.Tie },
            judge.Judge([new(0, "p", "a", "bb"), new(0, "p", "bb", "a"), new(1, "p", "a", "b")]).ToArray());
    }

    [TestMethod]
    public void RewardJudge_ScoresEachCompletionOnce()
    {
        var asked = new List<string>();
        var judge = new RewardJudge((_, completion) =>
        {
            asked.Add(completion);
            return completion.Length;
        });
        judge.Judge([new(0, "p", "a", "bb"), new(0, "p", "bb", "a")]);
        CollectionAssert.AreEqual(new[] { "a", "bb" }, asked);
    }

    [TestMethod]
    public void Tournament_GivesTheShareOfGamesWon()
    {
        // The longest wins, and equal lengths tie.
        var judge = new RecordingJudge(question => question.First.Length.CompareTo(question.Second.Length) switch
        {
            > 0 => PreferenceVerdict.First,
            < 0 => PreferenceVerdict.Second,
            _ => PreferenceVerdict.Tie,
        });
        IReward reward = new TournamentReward(judge);
        PromptCompletion[] rows = [new(0, "p", "a"), new(1, "q", "alone"), new(0, "p", "ccc"), new(0, "p", "b"), new(0, "p", "ccc")];
        // Three different ones play for p, each pair in both orders: a loses two and ties two; ccc wins all four.
        CollectionAssert.AreEqual(new[] { 0.25, 0.5, 1.0, 0.25, 1.0 }, reward.ScoreAll(rows).ToArray());
        Assert.HasCount(6, judge.Questions);
        Assert.IsTrue(judge.Questions.All(question => question.Prompt == "p"));
    }

    [TestMethod]
    public void Tournament_IsFairToJudgesThatPreferAPlace_AndTakesUnreadableAnswersForTies()
    {
        PromptCompletion[] rows = [new(0, "p", "a"), new(0, "p", "b")];
        CollectionAssert.AreEqual(new[] { 0.5, 0.5 }, new TournamentReward(new RecordingJudge(_ => PreferenceVerdict.First)).Score(rows).ToArray());
        CollectionAssert.AreEqual(new[] { 0.5, 0.5 }, new TournamentReward(new RecordingJudge(_ => PreferenceVerdict.Unreadable)).Score(rows).ToArray());
    }

    [TestMethod]
    public void BadScores_AreNamed()
    {
        Assert.Contains("prompt in row 1 (0-based) is NaN", Assert.ThrowsExactly<InvalidOperationException>(
            () => new DelegateReward((prompt, _) => prompt == "d" ? double.NaN : 0).ScoreAll(Rows)).Message);
        Assert.Contains("it must be a finite number", Assert.ThrowsExactly<InvalidOperationException>(() => new DelegateReward((_, _) => double.NegativeInfinity).ScoreAll(Rows)).Message);
        Assert.Contains("gave 0 scores for 2 completions", Assert.ThrowsExactly<InvalidOperationException>(() => new NoReward().ScoreAll(Rows)).Message);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => new DelegateReward((_, _) => 0).Score(Rows, cancellation.Token));
    }

    private sealed class NoReward : IReward
    {
        public IReadOnlyList<double> Score(IReadOnlyList<PromptCompletion> completions, CancellationToken cancellationToken) => [];
    }

    private sealed class Words
    {
        public string Question { get; set; } = "";

        public string Answer { get; set; } = "";

        public string Both { get; set; } = "";
    }

    private sealed class Defaults
    {
        public string Text { get; set; } = "";
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
