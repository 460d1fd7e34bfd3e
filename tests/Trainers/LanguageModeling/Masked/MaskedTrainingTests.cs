using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SearchSpace;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Tests.Networks;
using MLNetExt.Tokenization;
using MLNetExt.Training;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>What encoders learn, how dropping changes it, and what is refused.</summary>
[TestClass]
public sealed class MaskedTrainingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(EncoderFamily.Bert, TokenDroppingKind.None)]
    [DataRow(EncoderFamily.PreNorm, TokenDroppingKind.None)]
    [DataRow(EncoderFamily.PreNorm, TokenDroppingKind.TokenDropping)]
    [DataRow(EncoderFamily.PreNorm, TokenDroppingKind.Consistent)]
    public void Masked_tokens_are_learned(EncoderFamily family, TokenDroppingKind dropping)
    {
        double Loss(int epochs)
        {
            List<TrainingProgress> seen = [];
            using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o =>
            {
                (o.Network.Family, o.Network.LocalStem, o.Dropping.Kind, o.ValidationFraction) = (family, true, dropping, 0.2);
                (o.Training.Epochs, o.Training.Progress) = (epochs, new Recorder(seen));
            });
            return seen.Last(p => p.IsEpochEnd).Validation.Single(v => v.Name == "Loss").Value;
        }

        // Letters follow a rule: 20 of them are equally frequent, log 20 = 3.0.
        Assert.IsLessThan(2.2, Loss(80));
        Assert.IsGreaterThan(2.6, Loss(1));
    }

    [TestMethod]
    public void Dropping_nothing_is_training_without_dropping()
    {
        float[] plain = Weights();
        AssertClose(Weights(BySgd), Weights(o =>
        {
            (o.Dropping.Kind, o.Dropping.KeepRatio) = (TokenDroppingKind.TokenDropping, 1);
            BySgd(o);
        }));
        float[] full = Weights(o => (o.Dropping.Kind, o.Dropping.FullStart) = (TokenDroppingKind.TokenDropping, 1));
        float[] fullToTheEnd = Weights(o => (o.Dropping.Kind, o.Dropping.FullEnd) = (TokenDroppingKind.TokenDropping, 1));
        CollectionAssert.AreEqual(plain, full);
        CollectionAssert.AreEqual(plain, fullToTheEnd);
        CollectionAssert.AreNotEqual(plain, Weights(o => o.Dropping.Kind = TokenDroppingKind.TokenDropping));
    }

    [TestMethod]
    public void Each_part_of_the_consistent_loss_counts()
    {
        float[] Consistent(Action<EncoderDroppingOptions> change) => Weights(o =>
        {
            (o.Dropping.Kind, o.Dropping.Interval) = (TokenDroppingKind.Consistent, 1);
            change(o.Dropping);
            BySgd(o);
        });

        float[] dropped = Weights(o =>
        {
            o.Dropping.Kind = TokenDroppingKind.TokenDropping;
            BySgd(o);
        });
        // Half of the dropped pass's loss twice, and divergences that weigh nothing.
        AssertClose(dropped, Consistent(d => (d.ConsistencyWeight, d.SecondTerm) = (0, ConsistencySecondTerm.Released)));
        float[][] others =
        [
            dropped,
            Consistent(d => d.ConsistencyWeight = 0),
            Consistent(_ => { }),
            Consistent(d => d.DetachReference = true),
            Consistent(d => d.Representation = EncoderPooling.Mean),
            Consistent(d => d.ConsistencyScale = ConsistencyScale.Mean),
            Consistent(d => d.Interval = 3),
        ];
        for (int i = 0; i < others.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.IsGreaterThan(1e-5f, others[i].Zip(others[j], (a, b) => Math.Abs(a - b)).Max(), $"{i} and {j}");
        }
    }

    [TestMethod]
    public void Importance_is_learned_once_an_update_and_saved()
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o => o.Dropping.Kind = TokenDroppingKind.TokenDropping);
        IReadOnlyList<float> importance = model.TokenImportance!;
        Assert.HasCount(261, importance);
        // pad, bos, eos, unk, mask.
        CollectionAssert.AreEqual((float[])[TokenImportance.DeniedValue, .. Enumerable.Repeat(TokenImportance.PinnedValue, 4)], importance.Take(5).ToArray());
        Assert.IsTrue(importance.Skip(5).All(value => value is > 0 and <= TokenImportance.InitialValue));
        Assert.AreEqual(TokenImportance.InitialValue, importance[^1], "never seen");
        Assert.IsGreaterThan(10, importance.Count(value => value < TokenImportance.InitialValue));

        using var stream = new MemoryStream();
        _ml.Model.Save(model, TinyModel.Tokenized(_ml).Schema, stream);
        stream.Position = 0;
        using var loaded = (MaskedLanguageModelTransformer)_ml.Model.Load(stream, out _);
        CollectionAssert.AreEqual(importance.ToArray(), loaded.TokenImportance!.ToArray());

        using MaskedLanguageModelTransformer none = TinyEncoder.Fit(_ml), frequent = TinyEncoder.Fit(_ml, o => (o.Dropping.Kind, o.Dropping.Score) = (TokenDroppingKind.TokenDropping, TokenDroppingScore.Frequency));
        Assert.IsNull(none.TokenImportance);
        Assert.IsNull(frequent.TokenImportance);
    }

    [TestMethod]
    public void Importance_goes_on_from_a_model_and_is_kept_when_none_is_learned()
    {
        using MaskedLanguageModelTransformer start = TinyEncoder.Fit(_ml, o => o.Dropping.Kind = TokenDroppingKind.TokenDropping);
        float[] learned = [.. start.TokenImportance!];
        void More(Action<EncoderDroppingOptions> change, Action<float[]> check)
        {
            using MaskedLanguageModelTransformer more = TinyEncoder.Fit(_ml, o =>
            {
                o.Pretrained = start;
                change(o.Dropping);
            });
            check([.. more.TokenImportance!]);
        }

        More(_ => { }, importance => CollectionAssert.AreEqual(learned, importance));
        More(d => (d.Kind, d.Score) = (TokenDroppingKind.TokenDropping, TokenDroppingScore.Random), importance => CollectionAssert.AreEqual(learned, importance));
        More(d => (d.Kind, d.ImportanceDecay) = (TokenDroppingKind.TokenDropping, 1), importance => CollectionAssert.AreEqual(learned, importance));
        More(d => d.Kind = TokenDroppingKind.TokenDropping, importance => CollectionAssert.AreNotEqual(learned, importance));
    }

    [TestMethod]
    public void Accumulated_batches_take_one_step_of_importance()
    {
        // At a rate of nothing the losses are those of the same network, and each update takes one step, however many batches it has.
        float[] Importance(int batch, int accumulated)
        {
            using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o =>
            {
                (o.Dropping.Kind, o.Dropping.ImportanceDecay, o.BatchSize) = (TokenDroppingKind.TokenDropping, 0.5, batch);
                (o.Training.GradientAccumulationSteps, o.Training.LearningRate) = (accumulated, 1e-12);
            });
            return [.. model.TokenImportance!];
        }

        int untouched = Importance(160, 1).Count(value => value == TokenImportance.InitialValue);
        Assert.IsLessThan(256, untouched);
        // Before anything is learned the losses are about log 261 = 5.6: half of it and half of 10, then half of it and half of that.
        Assert.IsTrue(Importance(16, 10).Skip(5).All(value => value == TokenImportance.InitialValue || value > 7));
        Assert.IsTrue(Importance(16, 1).Skip(5).Any(value => value < 6.5), "several steps");
    }

    [TestMethod]
    public void Training_goes_on_from_a_model()
    {
        using MaskedLanguageModelTransformer start = TinyEncoder.Fit(_ml);
        float[] before = start.Weights();
        using MaskedLanguageModelTransformer more = TinyEncoder.Fit(_ml, o => (o.Pretrained, o.Training.LearningRate) = (start, 1e-12));
        AssertClose(before, more.Weights());
        CollectionAssert.AreEqual(before, start.Weights());
        using MaskedLanguageModelTransformer trained = TinyEncoder.Fit(_ml, o => (o.Pretrained, o.Dropout) = (start, 0.2));
        CollectionAssert.AreNotEqual(before, trained.Weights());
    }

    [TestMethod]
    public void Going_on_keeps_the_pooling_unless_another_is_asked_for()
    {
        using MaskedLanguageModelTransformer start = TinyEncoder.Fit(_ml, o => o.Pooling = EncoderPooling.FirstToken);
        using MaskedLanguageModelTransformer same = TinyEncoder.Fit(_ml, o => o.Pretrained = start), mean = TinyEncoder.Fit(_ml, o => (o.Pretrained, o.Pooling) = (start, EncoderPooling.Mean));
        using MaskedLanguageModelTransformer usual = TinyEncoder.Fit(_ml);
        Assert.AreEqual(
            (EncoderPooling.FirstToken, EncoderPooling.Mean, EncoderPooling.Mean), (same.Model.State.Pooling, mean.Model.State.Pooling, usual.Model.State.Pooling));
    }

    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 0)]
    public void Pairs_read_without_their_kinds_are_warned_of(bool kinds, int warnings)
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.Message}");
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(32));
        IDataView pairs = _ml.Transforms.Text.TokenizeWordPieces(new() { InputColumnName = "Sentence", SecondInputColumnName = "Sentence", VocabularySize = 60, MaxTokens = 16 }).Fit(texts).Transform(texts);
        TinyEncoder.Fit(_ml, o => (o.Network.Family, o.TokenTypesColumnName) = (EncoderFamily.Bert, kinds ? "TokenTypes" : null), pairs).Dispose();
        Assert.AreEqual(warnings, messages.Count(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("32 rows of the training data are pairs of texts in column 'Tokens'", StringComparison.Ordinal)), string.Join('\n', messages));
    }

    [TestMethod]
    public void A_pooler_of_which_nothing_is_learned_stays_as_it_is()
    {
        using var directory = new TemporaryModel("bert_tiny");
        File.WriteAllLines(directory.File("vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range('a', 26).Select(c => ((char)c).ToString()), .. Enumerable.Range('a', 26).Select(c => $"##{(char)c}")]);
        using MaskedLanguageModelTransformer start = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(32));
        IDataView tokens = _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", Tokenizer = (WordPieceTokenizer)start.Tokenizer! }).Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer trained = TinyEncoder.Fit(_ml, o => (o.Pretrained, o.Training.WeightDecay) = (start, 0.3), tokens);
        float[] Weight(MaskedLanguageModelTransformer model, string name) => model.Model.Network.state_dict()[name].data<float>().ToArray();
        CollectionAssert.AreEqual(Weight(start, "pooler.weight"), Weight(trained, "pooler.weight"));
        CollectionAssert.AreNotEqual(Weight(start, "prediction.weight"), Weight(trained, "prediction.weight"));
    }

    [TestMethod]
    public void Rows_held_out_for_validation_are_not_counted()
    {
        IDataView data = TinyModel.Tokenized(_ml);
        var encoder = new EncoderState(EncoderOptions.Bert(261, 16, 8, 2, 2), "Tokens", null, TokenAnnotations.Of(data.Schema["Tokens"]), EncoderPooling.Mean, 64);
        var split = new RowSplit(0.3, seed: 3);
        MaskedRows Seen(RowSplit? heldOut) => new(encoder, [0, 1, 2, 3, 4], heldOut, new ComponentHost(_ml, "test"));
        MaskedRows all = Seen(null), trained = Seen(split);
        foreach (MaskedRows seen in new[] { all, trained })
            BatchSource.Open(data, encoder.Columns().ToRead, visitor: seen).Dispose();
        int[][] rows = [.. data.GetColumn<int[]>("Tokens")];
        Assert.AreEqual(rows.Sum(row => row.Length), all.Counts.Sum());
        Assert.AreEqual(rows.Where((_, row) => !split.HoldsOut(row)).Sum(row => row.Length), trained.Counts.Sum());
        Assert.IsLessThan(all.Counts.Sum(), trained.Counts.Sum());
        Assert.AreEqual(all.Digest.ToString(), trained.Digest.ToString());
    }

    [TestMethod]
    public void A_search_begins_where_tokens_can_be_dropped()
    {
        var range = (RangeAttribute)typeof(EncoderNetworkOptions).GetProperty(nameof(EncoderNetworkOptions.Layers))!.GetCustomAttributes(typeof(RangeAttribute), false).Single();
        Assert.AreEqual(2, range.Min);
    }

    [TestMethod]
    public void First_tokens_that_may_be_dropped_are_warned_of_when_they_are_compared()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add(e.Message);
        void Fit(EncoderPooling representation, TokenDroppingKind kind, IDataView? data = null)
        {
            messages.Clear();
            TinyEncoder.Fit(_ml, o => (o.Dropping.Kind, o.Dropping.Representation) = (kind, representation), data).Dispose();
        }

        bool IsWarning(string message) => message.Contains("160 rows of the training data do not begin with a special token", StringComparison.Ordinal);
        Fit(EncoderPooling.FirstToken, TokenDroppingKind.Consistent);
        Assert.ContainsSingle(IsWarning, messages);
        Fit(EncoderPooling.Mean, TokenDroppingKind.Consistent);
        Assert.IsFalse(messages.Exists(IsWarning));
        Fit(EncoderPooling.FirstToken, TokenDroppingKind.TokenDropping);
        Assert.IsFalse(messages.Exists(IsWarning));
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(160));
        Fit(EncoderPooling.FirstToken, TokenDroppingKind.Consistent, _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 60).Fit(texts).Transform(texts));
        Assert.IsFalse(messages.Exists(message => message.Contains("do not begin with a special token", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Rows_of_special_tokens_alone_are_left_out_and_counted()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add(e.Message);
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(32).Append(new SentenceRow()).ToArray());
        IDataView data = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261).Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, data: data);
        Assert.ContainsSingle(m => m.Contains("1 rows of the training data have no token but special ones", StringComparison.Ordinal), messages);
        float[][] embeddings = [.. model.Transform(data).GetColumn<float[]>("Embedding")];
        Assert.IsTrue(embeddings[^1].All(float.IsNaN), "nothing was read");
        Assert.IsTrue(embeddings[..^1].SelectMany(e => e).All(float.IsFinite));
    }

    [TestMethod]
    public void What_cannot_be_trained_is_refused_with_its_name()
    {
        void Refused<T>(string part, Action<MaskedLanguageModelOptions>? change = null, IDataView? data = null)
            where T : Exception => Assert.Contains(part, Assert.ThrowsExactly<T>(() => TinyEncoder.Fit(_ml, change, data)).Message);

        Refused<ArgumentException>("1 layer", o => (o.Network.Layers, o.Dropping.Kind) = (1, TokenDroppingKind.TokenDropping));
        Refused<ArgumentOutOfRangeException>("KeepRatio", o => o.Dropping.KeepRatio = 0);
        Refused<ArgumentOutOfRangeException>("FullEnd", o => (o.Dropping.FullStart, o.Dropping.FullEnd) = (0.6, 0.6));
        Refused<ArgumentOutOfRangeException>("Rate", o => o.Masking.Rate = 0);
        Refused<ArgumentException>("Dropout is for a model to go on from", o => o.Dropout = 0.1);
        Refused<InvalidDataException>("4 positions", o => o.Network.ContextLength = 4);
        Refused<ArgumentException>("WholeWords", o => o.Masking.WholeWords = true);
        Refused<ArgumentException>("does not say which tokenizer made it", data: _ml.Data.LoadFromEnumerable(new[] { new Bare { Tokens = [1, 2] } }));
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(8));
        var unmasked = new BytePairOptions { OutputColumnName = "Tokens", InputColumnName = "Sentence", VocabularySize = 257, SpecialTokens = ["pad"] };
        Refused<ArgumentException>("'mask'", data: _ml.Transforms.Text.TokenizeBytePairs(unmasked).Fit(texts).Transform(texts));
        IDataView empty = _ml.Data.LoadFromEnumerable(new[] { new SentenceRow(), new SentenceRow() });
        Refused<ArgumentException>("nothing to learn", data: _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261).Fit(texts).Transform(empty));
    }

    private float[] Weights(Action<MaskedLanguageModelOptions>? change = null)
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, change);
        return model.Weights();
    }

    /// <summary>AdamW makes steps of one size of gradients that are nothing but rounding.</summary>
    private static void BySgd(MaskedLanguageModelOptions options) => (options.Training.Optimizer, options.Training.LearningRate) = (OptimizerKind.SgdNesterov, 0.05);

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-4f, $"weight {i}");
    }

    private sealed class Recorder(List<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen.Add(value);
    }

    private sealed class Bare
    {
        public int[] Tokens { get; set; } = [];
    }
}
