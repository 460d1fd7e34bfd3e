using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class EvaluateMemorizationTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Ten documents of 20 tokens, each of its own ids 0 to 9 ...; the mask drops every fourth token.</summary>
    private static readonly DocumentRow[] Rows = [.. Enumerable.Range(0, 10).Select(i => new DocumentRow
    {
        Tokens = [.. Enumerable.Range(0, 20).Select(t => (7 * i + 3 * t) % 90)],
        LossMask = [.. Enumerable.Range(0, 20).Select(t => t % 4 == 2 ? 0f : 1f)],
        Text = $"document {i}",
    })];

    private static readonly DocumentRow[] Others = [.. Enumerable.Range(0, 10).Select(i => new DocumentRow { Tokens = [95, i, 1, 2], Text = $"document {i}" })];

    [TestMethod]
    public void Model_ThatKnowsItsDocumentsByHeart_RecitesThemAll()
    {
        var model = new RecitingModel(Unmasked());
        MemorizationMetrics metrics = Evaluate(model, new() { PrefixLength = 5, SuffixLength = 10 });
        Assert.AreEqual(1, metrics.Extraction.ExactMatch);
        Assert.AreEqual(10, metrics.Extraction.ExactMatches);
        Assert.AreEqual(1, metrics.Extraction.TokenAccuracy);
        Assert.AreEqual(1, metrics.Extraction.RougeL);
        Assert.AreEqual(0, metrics.Extraction.FirstDivergences.Diverged);
        Assert.IsNull(metrics.BeamExtraction);
        Assert.IsNull(metrics.Membership);
        Assert.HasCount(10, metrics.Documents);
        CollectionAssert.AreEqual(Rows[3].Tokens[5..15], metrics.Documents[3].Greedy.Generated.ToArray());
        Assert.IsTrue(model.Generations.All(options => options is { StopAtEnd: false, MaxNewTokens: 10, Temperature: 0, Beams: 1 }));
    }

    [TestMethod]
    public void Model_ThatDoesNotKnowThem_RecitesNothing()
    {
        MemorizationMetrics metrics = Evaluate(new RecitingModel([]), new() { PrefixLength = 5, SuffixLength = 10 });
        Assert.AreEqual(0, metrics.Extraction.ExactMatch);
        Assert.AreEqual(0, metrics.Extraction.TokenAccuracy);
        Assert.AreEqual(0, metrics.Extraction.RougeL);
        Assert.AreEqual(10, metrics.Extraction.FirstDivergences.Counts[0]);
    }

    [TestMethod]
    [DataRow(ExtractionSplitKind.Leading, 5, 1)]
    [DataRow(ExtractionSplitKind.Trailing, 0, 4)]
    public void Mask_SaysWhichDivergencesFallOnADroppedToken(ExtractionSplitKind split, int prefix, int firstDropped)
    {
        // Positions 6, 10, 14, 18 are dropped; the suffix starts at 5 or at 14 (of 20 tokens the last 6), where 14 is dropped.
        MemorizationMetrics metrics = Evaluate(new RecitingModel(Rows), new() { LossMaskColumnName = "LossMask", Split = split, PrefixLength = prefix, SuffixLength = 6 });
        DivergenceHistogram first = metrics.Extraction.FirstDivergences;
        Assert.AreEqual(1, first.DroppedShare);
        Assert.AreEqual(2.0 / 6, first.DroppedTokenShare!.Value, 1e-12);
        Assert.AreEqual(10, first.Counts[split == ExtractionSplitKind.Leading ? firstDropped : 0]);
        Assert.AreEqual(4.0 / 6, metrics.Extraction.TokenAccuracy, 1e-12);
        Assert.IsTrue(metrics.Documents[0].DroppedTokens![split == ExtractionSplitKind.Leading ? firstDropped : 4]);
    }

    [TestMethod]
    public void ShortDocuments_AreCounted_AndTheOthersKeepTheirRows()
    {
        DocumentRow[] rows = [new() { Tokens = [1, 2] }, .. Rows, new()];
        MemorizationMetrics metrics = _ml.LanguageModeling.EvaluateMemorization(
            new RecitingModel(Unmasked()), _ml.Data.LoadFromEnumerable(rows), prefixLength: 5, suffixLength: 10);
        CollectionAssert.AreEqual(new[] { 0L, 11L }, metrics.RowsTooShort.ToArray());
        Assert.AreEqual(1, metrics.Documents[0].Row);
        Assert.AreEqual(10, metrics.Extraction.DocumentCount);
        StringAssert.Contains(metrics.ToString(), "10 (2)");
        Assert.Contains(
            "All 10 documents of column 'Tokens' have fewer tokens than PrefixLength 19 and SuffixLength 2",
            Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new RecitingModel([]), new() { PrefixLength = 19, SuffixLength = 2 })).Message);
        Assert.Contains(
            "SuffixLength 20 and one more",
            Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(new RecitingModel([]), new() { Split = ExtractionSplitKind.Trailing, SuffixLength = 20 })).Message);
        Assert.Contains("no documents in column 'Tokens'", Assert.ThrowsExactly<InvalidOperationException>(() =>
            _ml.LanguageModeling.EvaluateMemorization(new RecitingModel([]), _ml.Data.LoadFromEnumerable(Array.Empty<DocumentRow>()))).Message);
    }

    [TestMethod]
    public void TrailingSplit_CutsPrefixesToTheContext_AndCountsThem()
    {
        var model = BigramModel.Random(1, 90, contextLength: 16);
        MemorizationMetrics metrics = Evaluate(model, new() { Split = ExtractionSplitKind.Trailing, SuffixLength = 6 });
        Assert.AreEqual(10, metrics.PrefixesCut);
        Assert.IsNull(metrics.PrefixLength);
        CollectionAssert.AreEqual(Rows[0].Tokens[14..], metrics.Documents[0].Greedy.Reference.ToArray());
        Assert.AreEqual(0, Evaluate(BigramModel.Random(1, 90, contextLength: 20), new() { Split = ExtractionSplitKind.Trailing, SuffixLength = 6 }).PrefixesCut);
    }

    [TestMethod]
    public void Beams_LookForTheMostLikelySuffix()
    {
        // From 0 greedy stays at 0 (0.5 a step); 0, 1, 2 is likelier: 0.4 and then 0.9.
        BigramModel model = new(
        [
            [Math.Log(0.5), Math.Log(0.4), Math.Log(0.1)],
            [Math.Log(0.05), Math.Log(0.05), Math.Log(0.9)],
            [Math.Log(0.34), Math.Log(0.33), Math.Log(0.33)],
        ]);
        IDataView data = DocumentRow.Load(_ml, [2, 0, 0, 1, 2]);
        MemorizationMetrics metrics = _ml.LanguageModeling.EvaluateMemorization(model, data, new MemorizationOptions { PrefixLength = 2, SuffixLength = 3, Beams = 9 });
        Assert.AreEqual(0, metrics.Extraction.ExactMatch);
        CollectionAssert.AreEqual(new[] { 0, 0, 0 }, metrics.Documents[0].Greedy.Generated.ToArray());
        Assert.AreEqual(1, metrics.BeamExtraction!.ExactMatch);
        Assert.IsTrue(metrics.Documents[0].Beam!.IsExactMatch);
        StringAssert.Contains(metrics.ToString(), "Exact match, 9 beams");
    }

    [TestMethod]
    public void Membership_IsInferredFromTheLoss_AndFromTheLossByZlib()
    {
        MemorizationMetrics metrics = Evaluate(new RecitingModel(Unmasked()), new()
        {
            PrefixLength = 5,
            SuffixLength = 10,
            NonMembers = _ml.Data.LoadFromEnumerable([.. Others, new DocumentRow { Tokens = [1] }]),
            TextColumnName = "Text",
        });
        MembershipMetrics membership = metrics.Membership!;
        Assert.AreEqual(1, membership.Loss.AreaUnderCurve);
        Assert.AreEqual(1, membership.Loss.BalancedAccuracy);
        Assert.AreEqual(1, membership.Zlib!.AreaUnderCurve);
        Assert.AreEqual(0.1, membership.MemberLoss, 1e-6);
        Assert.AreEqual(3, membership.NonMemberLoss, 1e-6);
        Assert.AreEqual(10, membership.MemberCount);
        Assert.AreEqual(10, membership.NonMemberCount);
        Assert.AreEqual(0, membership.MembersLeftOut);
        Assert.AreEqual(1, membership.NonMembersLeftOut);
        Assert.IsNull(membership.Loss.TruePositiveRateAtOnePerMille);
        Assert.IsNull(membership.Loss.TruePositiveRateAtOnePercent);
        StringAssert.Contains(metrics.ToString(), "n/a");
    }

    [TestMethod]
    public void MembershipOfAModelThatKnowsNothing_IsChance()
    {
        MembershipMetrics membership = Evaluate(
            new RecitingModel([]), new() { PrefixLength = 5, SuffixLength = 10, NonMembers = _ml.Data.LoadFromEnumerable(Others) }).Membership!;
        Assert.AreEqual(0.5, membership.Loss.AreaUnderCurve);
        Assert.IsNull(membership.Zlib);
    }

    [TestMethod]
    [DataRow(1000, 1000, true)]
    [DataRow(999, 1000, false)]
    [DataRow(1000, 999, false)]
    public void RatesAtSmallFalsePositiveRates_NeedAThousandDocumentsOfEachKind(int members, int nonMembers, bool hasRates)
    {
        var attack = new MembershipAttack([.. Enumerable.Range(0, members).Select(i => (double)i)], [.. Enumerable.Range(0, nonMembers).Select(i => i - 500.0)]);
        Assert.AreEqual(hasRates, attack.TruePositiveRateAtOnePerMille is not null);
        Assert.AreEqual(hasRates, attack.TruePositiveRateAtOnePercent is not null);
        if (hasRates)
        {
            // One non-member, 499, may be above the threshold: members from 499 on are found. Ten: from 490 on.
            Assert.AreEqual(0.501, attack.TruePositiveRateAtOnePerMille!.Value, 1e-12);
            Assert.AreEqual(0.510, attack.TruePositiveRateAtOnePercent!.Value, 1e-12);
        }
    }

    [TestMethod]
    public void Scorer_MayBeAnother_AndMustBeThere()
    {
        var generator = new GeneratorAlone();
        IDataView nonMembers = _ml.Data.LoadFromEnumerable(Others);
        var options = new MemorizationOptions { PrefixLength = 5, SuffixLength = 10, NonMembers = nonMembers };
        Assert.Contains("set Scorer", Assert.ThrowsExactly<ArgumentException>(() => Evaluate(generator, options)).Message);
        options.Scorer = new RecitingModel(Unmasked());
        Assert.AreEqual(1, Evaluate(generator, options).Membership!.Loss.AreaUnderCurve);
    }

    [TestMethod]
    public void Batches_AreLimited_AndChangeNothing()
    {
        var model = BigramModel.Random(1, 90, contextLength: 16);
        var progress = new Recorder<EvaluationProgress>();
        MemorizationMetrics small = Evaluate(model, new() { PrefixLength = 5, SuffixLength = 4, BatchSize = 3, NonMembers = _ml.Data.LoadFromEnumerable(Rows), Progress = progress });
        Assert.IsTrue(model.Calls.All(count => count <= 3));
        MemorizationMetrics large = Evaluate(model, new() { PrefixLength = 5, SuffixLength = 4, NonMembers = _ml.Data.LoadFromEnumerable(Rows) });
        Assert.AreEqual(large.ToString(), small.ToString());
        Assert.AreEqual(0.5, small.Membership!.Loss.AreaUnderCurve);
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Extraction, 10, 10, 40), progress.Reports.Last(report => report.Stage == EvaluationStage.Extraction));
        Assert.AreEqual(new EvaluationProgress(EvaluationStage.Members, 10, 10, 190), progress.Reports.Last(report => report.Stage == EvaluationStage.Members));
        Assert.AreEqual(EvaluationStage.NonMembers, progress.Reports[^1].Stage);
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(32)]
    public void Progress_ReachesTheEndOfEachStage_DocumentsThatAreTooShortIncluded(int batchSize)
    {
        var progress = new Recorder<EvaluationProgress>();
        DocumentRow[] rows = [new(), .. Rows, new() { Tokens = [1] }];
        _ml.LanguageModeling.EvaluateMemorization(new RecitingModel([]), _ml.Data.LoadFromEnumerable(rows), new MemorizationOptions
        {
            PrefixLength = 5,
            SuffixLength = 4,
            BatchSize = batchSize,
            NonMembers = _ml.Data.LoadFromEnumerable([.. Others, new DocumentRow()]),
            Progress = progress,
        });
        EvaluationProgress[] last = [.. progress.Reports.GroupBy(report => report.Stage).Select(stage => stage.Last())];
        CollectionAssert.AreEqual(
            new EvaluationProgress[] { new(EvaluationStage.Extraction, 12, 12, 40), new(EvaluationStage.Members, 12, 12, 190), new(EvaluationStage.NonMembers, 11, 11, 30) }, last);
    }

    [TestMethod]
    public void Tokens_OfAnotherTokenizerThanTheModels_AreRefused_BeforeAnythingIsGenerated()
    {
        const string Another = "was made by the tokenizer g, but the model was trained on tokens of f", Nobodys = "'Tokens' does not say which tokenizer made it";
        IDataView same = DocumentRow.Load(_ml, Rows), another = DocumentRow.Load(_ml, Rows, fingerprint: "g"), nobodys = _ml.Data.LoadFromEnumerable(Rows);
        var model = new RecitingModel(Unmasked()) { TokenizerFingerprint = "f" };
        Refused(Another, another, new());
        Refused(Nobodys, nobodys, new());
        Refused(Another, same, new() { NonMembers = another });
        Refused(Nobodys, same, new() { NonMembers = nobodys });
        Refused("was made by the tokenizer f, but the model was trained on tokens of h", same, new() { NonMembers = same, Scorer = new RecitingModel([]) { TokenizerFingerprint = "h" } });
        Assert.IsEmpty(model.Generations);
        Assert.AreEqual(1, Audit(same, new() { NonMembers = same }).Extraction.ExactMatch);

        MemorizationMetrics Audit(IDataView documents, MemorizationOptions options)
        {
            (options.PrefixLength, options.SuffixLength) = (5, 10);
            return _ml.LanguageModeling.EvaluateMemorization(model, documents, options);
        }

        void Refused(string message, IDataView documents, MemorizationOptions options) =>
            Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() => Audit(documents, options)).Message);
    }

    [TestMethod]
    public void Cancellation_EndsBetweenBatches()
    {
        using var cancellation = new CancellationTokenSource();
        var model = new RecitingModel([]);
        var progress = new Recorder<EvaluationProgress>(_ => cancellation.Cancel());
        Assert.ThrowsExactly<OperationCanceledException>(() => Evaluate(
            model, new() { PrefixLength = 5, SuffixLength = 10, BatchSize = 2, Progress = progress, CancellationToken = cancellation.Token }));
        Assert.HasCount(1, model.Generations);
    }

    [TestMethod]
    public void Cancellation_ReachesTheModelWhileItGenerates()
    {
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(() => Evaluate(
            new GeneratorAlone(whileGenerating: cancellation.Cancel), new() { PrefixLength = 5, SuffixLength = 10, CancellationToken = cancellation.Token }));
    }

    [TestMethod]
    public void WrongOptions_AreNamed()
    {
        Refused<ArgumentOutOfRangeException>("PrefixLength", new() { PrefixLength = 0 });
        Refused<ArgumentOutOfRangeException>("SuffixLength", new() { SuffixLength = 0 });
        Refused<ArgumentOutOfRangeException>("Beams", new() { Beams = 0 });
        Refused<ArgumentOutOfRangeException>("BatchSize", new() { BatchSize = 0 });
        Refused<ArgumentException>("Split must be", new() { Split = (ExtractionSplitKind)7 });
        Refused<ArgumentException>("context of 64: choose a smaller PrefixLength or SuffixLength", new() { PrefixLength = 40, SuffixLength = 25 });
        Refused<ArgumentException>("context of 64", new() { Split = ExtractionSplitKind.Trailing, SuffixLength = 64 });
        Refused<ArgumentException>("no loss-mask column 'Mask'", new() { LossMaskColumnName = "Mask" });
        Refused<ArgumentException>("loss-mask column 'Tokens' must be a vector of Single", new() { LossMaskColumnName = "Tokens" });
        Refused<ArgumentException>("text column 'Tokens' must be text", new() { TextColumnName = "Tokens" });
        Refused<ArgumentException>("token column 'Text' must be a vector of Int32", new() { TokensColumnName = "Text" });
        Refused<ArgumentException>("has 2 values for the 20 tokens of the document in row 0", new() { LossMaskColumnName = "Features" });

        void Refused<T>(string message, MemorizationOptions options)
            where T : ArgumentException => Assert.Contains(message, Assert.ThrowsExactly<T>(() => Evaluate(new RecitingModel([]), options)).Message);
    }

    [TestMethod]
    public void BadData_IsNamed()
    {
        var options = new MemorizationOptions { PrefixLength = 1, SuffixLength = 1, LossMaskColumnName = "LossMask" };
        Refused("holds NaN or a negative value for the document in row 0", new DocumentRow { Tokens = [1, 2], LossMask = [1, float.NaN] });
        Refused("Token 1 of the document in row 0 (0-based) of column 'Tokens' is -2", new DocumentRow { Tokens = [1, -2], LossMask = [1, 1] });

        var nan = new RecitingModel(Unmasked()) { KnownLoss = float.NaN };
        Assert.Contains("of the document in row 0", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(
            nan, new() { PrefixLength = 5, SuffixLength = 5, NonMembers = _ml.Data.LoadFromEnumerable(Others) })).Message);
        Assert.Contains("none of the 0 non-members", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(
            new RecitingModel([]), new() { PrefixLength = 5, SuffixLength = 5, NonMembers = _ml.Data.LoadFromEnumerable(Array.Empty<DocumentRow>()) })).Message);
        Assert.Contains("generated 4 tokens for the document in row 0", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(
            new GeneratorAlone(stopsAt: 4), new() { PrefixLength = 5, SuffixLength = 10 })).Message);

        void Refused(string message, DocumentRow row) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() =>
            _ml.LanguageModeling.EvaluateMemorization(new RecitingModel([]), _ml.Data.LoadFromEnumerable(new[] { row }), options)).Message);
    }

    private MemorizationMetrics Evaluate(ITextGenerator model, MemorizationOptions options) =>
        _ml.LanguageModeling.EvaluateMemorization(model, _ml.Data.LoadFromEnumerable(Rows), options);

    private static IEnumerable<DocumentRow> Unmasked() => Rows.Select(row => new DocumentRow { Tokens = row.Tokens });

    /// <summary>Generates zeros, and gives no likelihoods.</summary>
    private sealed class GeneratorAlone(int stopsAt = int.MaxValue, Action? whileGenerating = null) : ITextGenerator
    {
        public int ContextLength => 64;

        public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
        {
            whileGenerating?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            return [.. prompts.Select(_ => new int[Math.Min(stopsAt, options.MaxNewTokens)])];
        }
    }
}
