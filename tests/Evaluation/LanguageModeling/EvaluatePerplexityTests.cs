using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class EvaluatePerplexityTests
{
    private const int Vocabulary = 7;
    private const int Start = 6;

    private readonly MLContext _ml = new(seed: 1);

    private static readonly int[][] Documents = [.. Enumerable.Range(0, 9).Select(i => RandomIds(seed: i, length: i * i))];

    [TestMethod]
    [DataRow(2, 1, 1)]
    [DataRow(8, 0, 4)]
    [DataRow(8, 7, 3)]
    [DataRow(200, 1, 1000)]
    public void EveryToken_CountsOnce_TheFirstIncluded_WhateverTheWindows(int context, int stride, int batch)
    {
        var model = BigramModel.Random(seed: 1, Vocabulary, context);
        PerplexityMetrics metrics = _ml.LanguageModeling.EvaluatePerplexity(
            model, DocumentRow.Load(_ml, Documents), new PerplexityOptions { StartTokenId = Start, Stride = stride, BatchSize = batch, CharacterCount = 1000 });

        double expected = -Documents.Sum(document => document.Prepend(Start).Zip(document, model.LogProbability).Sum());
        Assert.AreEqual(expected, metrics.NegativeLogLikelihood, 1e-4);
        Assert.AreEqual(Documents.Sum(document => document.Length), metrics.TokenCount);
        Assert.AreEqual(Math.Exp(expected / metrics.TokenCount), metrics.Perplexity, 1e-5);
        Assert.AreEqual(expected / Math.Log(2) / 1000, metrics.BitsPerCharacter!.Value, 1e-6);
        Assert.AreEqual(8, metrics.DocumentCount);
        Assert.AreEqual(1, metrics.EmptyDocuments);
        Assert.AreEqual(0, metrics.FirstTokensNotScored);
        Assert.AreEqual(Start, metrics.StartTokenId);
        Assert.AreEqual(stride == 0 ? context / 2 : stride, metrics.Stride);
        Assert.IsTrue(model.Calls.All(count => count <= batch));
    }

    [TestMethod]
    public void Text_IsCountedInCharactersAndBytes()
    {
        DocumentRow[] rows = [new() { Tokens = [1, 2], Text = "aé" }, new() { Tokens = [3], Text = "😀" }];
        PerplexityMetrics metrics = _ml.LanguageModeling.EvaluatePerplexity(
            BigramModel.Random(2, Vocabulary, 8), _ml.Data.LoadFromEnumerable(rows), textColumnName: "Text", startTokenId: Start);
        Assert.AreEqual(3, metrics.CharacterCount);
        Assert.AreEqual(7, metrics.ByteCount);
        Assert.AreEqual(metrics.NegativeLogLikelihood / Math.Log(2) / 3, metrics.BitsPerCharacter!.Value, 1e-12);
        Assert.AreEqual(metrics.NegativeLogLikelihood / Math.Log(2) / 7, metrics.BitsPerByte!.Value, 1e-12);
    }

    [TestMethod]
    public void UniformModel_HasThePerplexityOfItsVocabulary()
    {
        double[] uniform = [.. Enumerable.Repeat(-Math.Log(4), 4)];
        PerplexityMetrics metrics = _ml.LanguageModeling.EvaluatePerplexity(
            new BigramModel([uniform, uniform, uniform, uniform]), DocumentRow.Load(_ml, [0, 1, 2], [3]), startTokenId: 0);
        Assert.AreEqual(4, metrics.Perplexity, 1e-6);
        StringAssert.Contains(metrics.ToString(), "4.0000");
        StringAssert.Contains(metrics.ToString(), "scored, from token 0");
    }

    [TestMethod]
    public void FirstTokens_AreLeftOutOnlyWhenAsked_AndThenNoBitsAreGiven()
    {
        var model = BigramModel.Random(3, Vocabulary, 8);
        PerplexityMetrics metrics = _ml.LanguageModeling.EvaluatePerplexity(
            model, DocumentRow.Load(_ml, [1, 2, 3], [4], []), new PerplexityOptions { FirstToken = FirstTokenPolicy.LeaveOut, CharacterCount = 4 });
        Assert.AreEqual(-model.LogProbability(1, 2) - model.LogProbability(2, 3), metrics.NegativeLogLikelihood, 1e-6);
        Assert.AreEqual(2, metrics.TokenCount);
        Assert.AreEqual(2, metrics.FirstTokensNotScored);
        Assert.AreEqual(2, metrics.EmptyDocuments);
        Assert.IsNull(metrics.StartTokenId);
        Assert.IsNull(metrics.BitsPerCharacter);
        StringAssert.Contains(metrics.ToString(), "2 not scored");
    }

    [TestMethod]
    [DataRow("""{"eos":5,"bos":6}""", null, 6)]
    [DataRow("""{"eos":5}""", null, 5)]
    [DataRow("""{"eos":5}""", 4, 4)]
    public void StartToken_IsTheCallersOrTheTokenizers(string special, int? given, int expected)
    {
        var model = BigramModel.Random(4, Vocabulary, 8);
        PerplexityMetrics metrics = _ml.LanguageModeling.EvaluatePerplexity(
            model, DocumentRow.Load(_ml, [new DocumentRow { Tokens = [1] }], special), startTokenId: given);
        Assert.AreEqual(expected, metrics.StartTokenId);
        Assert.AreEqual(-model.LogProbability(expected, 1), metrics.NegativeLogLikelihood, 1e-6);
    }

    [TestMethod]
    public void Document_WithItsOwnStartToken_IsNotGivenASecondOne()
    {
        var model = BigramModel.Random(5, Vocabulary, 8);
        DocumentRow[] rows = [new() { Tokens = [Start, 2] }, new() { Tokens = [2] }];
        PerplexityMetrics special = _ml.LanguageModeling.EvaluatePerplexity(model, DocumentRow.Load(_ml, rows, """{"bos":6}"""));
        Assert.AreEqual(2, special.TokenCount);
        Assert.AreEqual(-2 * model.LogProbability(Start, 2), special.NegativeLogLikelihood, 1e-6);

        // Without a tokenizer that says so it is a token like others, and counts.
        PerplexityMetrics ordinary = _ml.LanguageModeling.EvaluatePerplexity(model, DocumentRow.Load(_ml, [Start, 2], [2]), startTokenId: Start);
        Assert.AreEqual(3, ordinary.TokenCount);
    }

    [TestMethod]
    public void Tokens_OfAnotherTokenizerThanTheModels_AreRefused()
    {
        var model = BigramModel.Random(6, Vocabulary, 8);
        model.TokenizerFingerprint = "f";
        DocumentRow[] rows = [new() { Tokens = [1, 2] }];
        Assert.AreEqual(2, _ml.LanguageModeling.EvaluatePerplexity(model, DocumentRow.Load(_ml, rows), startTokenId: Start).TokenCount);
        Refused("was made by the tokenizer g, but the model was trained on tokens of f", DocumentRow.Load(_ml, rows, fingerprint: "g"));
        Refused("'Tokens' does not say which tokenizer made it", DocumentRow.Load(_ml, [1, 2]));

        void Refused(string message, IDataView data) => Assert.Contains(
            message, Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.EvaluatePerplexity(model, data, startTokenId: Start)).Message);
    }

    [TestMethod]
    public void LongDocuments_AreScoredWithTheContextThatTheStrideLeaves()
    {
        var model = new CountingModel(contextLength: 10);
        PerplexityMetrics metrics = _ml.LanguageModeling.EvaluatePerplexity(
            model, DocumentRow.Load(_ml, [.. Enumerable.Repeat(1, 30)]), new PerplexityOptions { StartTokenId = 0, Stride = 4 });
        // The log-probability is minus the number of tokens before it: 1 to 9 in the first window, then 6 to 9 in each further one, and the last 6 in the last.
        Assert.AreEqual(45 + 5 * (6 + 7 + 8 + 9) + 9, metrics.NegativeLogLikelihood, 1e-9);
    }

    [TestMethod]
    public void Progress_IsReported_AndCancellationEndsBetweenBatches()
    {
        var progress = new Recorder<EvaluationProgress>();
        var options = new PerplexityOptions { StartTokenId = Start, BatchSize = 2, Progress = progress };
        _ml.LanguageModeling.EvaluatePerplexity(BigramModel.Random(1, Vocabulary, 8), DocumentRow.Load(_ml, Documents[1..]), options);
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Perplexity, 8, 8, Documents.Sum(document => document.Length)), progress.Reports[^1]);

        using var cancellation = new CancellationTokenSource();
        options.Progress = new Recorder<EvaluationProgress>(_ => cancellation.Cancel());
        options.CancellationToken = cancellation.Token;
        var model = BigramModel.Random(1, Vocabulary, 8);
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.LanguageModeling.EvaluatePerplexity(model, DocumentRow.Load(_ml, Documents), options));
        Assert.HasCount(1, model.Calls);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    public void Progress_ReachesTheEnd_DocumentsWithoutATokenIncluded(int batchSize)
    {
        var progress = new Recorder<EvaluationProgress>();
        _ml.LanguageModeling.EvaluatePerplexity(
            BigramModel.Random(1, Vocabulary, 8),
            DocumentRow.Load(_ml, [], [1, 2], [], [3], [], []),
            new PerplexityOptions { StartTokenId = Start, BatchSize = batchSize, Progress = progress });
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Perplexity, 6, 6, 3), progress.Reports[^1]);
    }

    [TestMethod]
    [DataRow("Missing", null, "no token column 'Missing'")]
    [DataRow("Features", null, "token column 'Features' must be a vector of Int32")]
    [DataRow("Tokens", "Features", "text column 'Features' must be text")]
    public void WrongColumns_AreNamed(string tokens, string? text, string message) => Assert.Contains(
        message, Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.EvaluatePerplexity(
            BigramModel.Random(1, Vocabulary, 8), DocumentRow.Load(_ml, [1]), tokens, text, Start)).Message);

    [TestMethod]
    public void WrongOptions_AreNamed()
    {
        Refused<ArgumentException>("set StartTokenId, or FirstToken to LeaveOut", new());
        Refused<ArgumentException>("TextColumnName and CharacterCount are both set", new() { TextColumnName = "Text", CharacterCount = 3 });
        Refused<ArgumentException>("FirstToken is LeaveOut", new() { StartTokenId = 1, FirstToken = FirstTokenPolicy.LeaveOut });
        Refused<ArgumentOutOfRangeException>("StartTokenId must be one of the model's 7 tokens", new() { StartTokenId = 7 });
        Refused<ArgumentOutOfRangeException>("StartTokenId", new() { StartTokenId = -1 });
        Refused<ArgumentOutOfRangeException>("Stride must be less than the model's context of 8", new() { StartTokenId = 1, Stride = 8 });
        Refused<ArgumentOutOfRangeException>("CharacterCount", new() { CharacterCount = 0 });
        Refused<ArgumentOutOfRangeException>("BatchSize", new() { BatchSize = 0 });

        void Refused<T>(string message, PerplexityOptions options)
            where T : ArgumentException => Assert.Contains(message, Assert.ThrowsExactly<T>(() =>
                _ml.LanguageModeling.EvaluatePerplexity(BigramModel.Random(1, Vocabulary, 8), DocumentRow.Load(_ml, [1, 2]), options)).Message);
    }

    [TestMethod]
    public void BadData_IsNamed()
    {
        var model = BigramModel.Random(1, Vocabulary, 8);
        Assert.Contains(
            "Token 1 of the document in row 1 (0-based) of column 'Tokens' is 7, and the model knows the ids 0 to 6",
            Assert.ThrowsExactly<ArgumentException>(() => Evaluate(model, [1], [2, 7])).Message);
        Assert.Contains("no token to score in the 2 documents", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(model, [], [])).Message);
        Assert.Contains("no token to score in the 0 documents", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(model)).Message);

        double[] nan = [double.NaN, double.NaN];
        Assert.Contains(
            "NaN as the log-probability of token 1 (0-based, a start token counted) of the document in row 0",
            Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new BigramModel([nan, nan]), [1, 1])).Message);
        double[] positive = [0.5, 0.5];
        Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new BigramModel([positive, positive]), [1, 1]));
        double[] impossible = [0, double.NegativeInfinity];
        Assert.AreEqual(double.PositiveInfinity, Evaluate(new BigramModel([impossible, impossible]), [1, 1]).Perplexity);
        Assert.Contains("ContextLength is 1", Assert.ThrowsExactly<ArgumentException>(() => Evaluate(BigramModel.Random(1, Vocabulary, 1), [1])).Message);

        PerplexityMetrics Evaluate(ISequenceScorer scorer, params int[][] documents) =>
            _ml.LanguageModeling.EvaluatePerplexity(scorer, DocumentRow.Load(_ml, documents), startTokenId: 0);
    }

    private static int[] RandomIds(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(Vocabulary))];
    }

    /// <summary>Gives each token minus the number of tokens before it.</summary>
    private sealed class CountingModel(int contextLength) : ISequenceScorer
    {
        public int VocabularySize => 2;

        public int ContextLength => contextLength;

        public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences) =>
            [.. sequences.Select(ids => Enumerable.Range(1, ids.Length - 1).Select(i => (float)-i).ToArray())];
    }
}
