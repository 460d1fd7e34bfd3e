using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Tests.Networks;
using MLNetExt.Tokenization;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>Rows and networks that an encoder cannot learn from: each is named, left out and counted, or harmless.</summary>
[TestClass]
public sealed class MaskedBadInputTests
{
    // pad, bos, eos, unk, mask, and the bytes.
    private const int VocabularySize = 261, Bos = 1, Eos = 2, Mask = 4, Letter = 102;

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _messages = [];

    public MaskedBadInputTests() => _ml.Log += (_, e) => _messages.Add(e.Message);

    [TestMethod]
    public void A_row_longer_than_the_positions_is_named_in_training_validation_and_scoring()
    {
        IDataView good = Rows([Letter, Letter], [Letter]), bad = Rows([Letter], [.. Enumerable.Repeat(Letter, 17)]);
        foreach (Action call in new Action[] { () => TinyEncoder.Fit(_ml, data: bad), () => TinyEncoder.Fit(_ml, o => o.ValidationData = bad, good), () => Embeddings(good, bad) })
            Assert.Contains("Column 'Tokens' has 17 tokens in row 1, but the encoder has 16 positions", Assert.Throws<Exception>(call).GetBaseException().Message);
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, data: Rows([.. Enumerable.Repeat(Letter, 16)]));
        Assert.HasCount(model.Width, Embeddings(model, Rows([.. Enumerable.Repeat(Letter, 16)]))[0]);
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(VocabularySize)]
    [DataRow(int.MaxValue)]
    public void An_id_outside_the_vocabulary_is_named_in_training_and_scoring(int id)
    {
        IDataView good = Rows([Letter, Letter]), bad = Rows([Letter], [Letter, Letter, id]);
        foreach (Action call in new Action[] { () => TinyEncoder.Fit(_ml, data: bad), () => Embeddings(good, bad) })
            Assert.Contains($"Column 'Tokens' has the id {id} in row 1, slot 2, which is not in the vocabulary of {VocabularySize} tokens", Assert.Throws<Exception>(call).GetBaseException().Message);
    }

    [TestMethod]
    public void Rows_of_special_tokens_alone_are_left_out_and_have_an_embedding()
    {
        IDataView special = Rows([Bos, Mask, Eos], [], [Eos]), some = Rows([Bos, Letter, Eos], [Bos, Mask, Eos], []);
        Assert.Contains("nothing to learn", Assert.ThrowsExactly<ArgumentException>(() => TinyEncoder.Fit(_ml, data: special)).Message);
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, data: some);
        Assert.ContainsSingle(m => m.Contains("2 rows of the training data have no token but special ones", StringComparison.Ordinal), _messages);
        float[][] embeddings = Embeddings(model, special);
        Assert.IsTrue(embeddings[0].Concat(embeddings[2]).All(float.IsFinite));
        Assert.IsTrue(embeddings[1].All(float.IsNaN), "there is no token to read");
    }

    [TestMethod]
    public void An_empty_text_is_left_out_and_has_the_embedding_of_its_special_tokens()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(new[] { new SentenceRow { Sentence = "abc bca" }, new SentenceRow(), new SentenceRow { Sentence = " \n" }, new SentenceRow { Sentence = null! } });
        IDataView tokens = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 40).Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, data: tokens);
        Assert.ContainsSingle(m => m.Contains("3 rows of the training data", StringComparison.Ordinal), _messages);
        float[][] embeddings = Embeddings(model, tokens);
        Assert.IsTrue(embeddings.SelectMany(e => e).All(float.IsFinite));
        CollectionAssert.AreEqual(embeddings[1], embeddings[2]);
        CollectionAssert.AreEqual(embeddings[1], embeddings[3]);
        MaskedMetrics metrics = _ml.LanguageModeling.EvaluateMasked(model, _ml.Transforms.Text.MaskTokens("MaskedTokens", "MaskLabels", "Tokens").Fit(tokens).Transform(tokens));
        Assert.AreEqual((1, 3), (metrics.RowCount, metrics.EmptyRows));
    }

    [TestMethod]
    public void What_is_kept_of_an_empty_text_is_not_asked_for()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(new[] { new SentenceRow { Sentence = "abc bca cab abc bca cab abc bca cab abc" }, new SentenceRow() });
        IDataView tokens = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 40).Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, data: tokens);
        IDataView masked = _ml.Transforms.Text.MaskTokens("MaskedTokens", "MaskLabels", "Tokens").Fit(tokens).Transform(tokens);
        IDataView kept = _ml.Transforms.Text.TokenDropping(new TokenDroppingOptions { OutputColumnName = "Kept", InputColumnName = "MaskedTokens" }).Fit(masked).Transform(masked);
        // Two special tokens of which one would be kept.
        Assert.Contains("Row 1 has 2 tokens that are always kept", Assert.Throws<Exception>(() => kept.GetColumn<int[]>("Kept").ToArray()).GetBaseException().Message);
        MaskedMetrics metrics = _ml.LanguageModeling.EvaluateMasked(model, kept, keptColumnName: "Kept");
        Assert.AreEqual((1, 1), (metrics.RowCount, metrics.EmptyRows));
    }

    [TestMethod]
    public void An_id_that_the_network_knows_and_the_tokenizer_does_not_is_named_before_training()
    {
        using var directory = new TemporaryModel("bert_tiny");
        File.WriteAllLines(directory.File("vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]);
        using MaskedLanguageModelTransformer start = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        start.Tokenizer!.ColumnInfo.AddTo(schema[nameof(Row.Tokens)]);
        IDataView rows = _ml.Data.LoadFromEnumerable(new Row[] { new() { Tokens = [2, 5, 3] }, new() { Tokens = [2, 5, 6, 3] } }, schema);
        Assert.Contains(
            "Column 'Tokens' has the id 6 in row 1, slot 2, which is not in the vocabulary of 6 tokens",
            Assert.ThrowsExactly<InvalidDataException>(() => TinyEncoder.Fit(_ml, o => o.Pretrained = start, rows)).Message);
        Assert.IsTrue(Embeddings(start, rows).SelectMany(e => e).All(float.IsFinite), "the network has a vector for it");
    }

    [TestMethod]
    [DataRow(TokenDroppingKind.TokenDropping)]
    [DataRow(TokenDroppingKind.Consistent)]
    public void One_layer_cannot_drop_tokens_also_when_a_model_has_it(TokenDroppingKind kind)
    {
        Assert.Contains("1 layer", Assert.ThrowsExactly<ArgumentException>(() => TinyEncoder.Fit(_ml, o => (o.Network.Layers, o.Dropping.Kind) = (1, kind))).Message);
        using MaskedLanguageModelTransformer one = TinyEncoder.Fit(_ml, o => o.Network.Layers = 1);
        Assert.AreEqual(1, one.Layers);
        Assert.Contains("1 layer", Assert.ThrowsExactly<ArgumentException>(() => TinyEncoder.Fit(_ml, o => (o.Pretrained, o.Dropping.Kind) = (one, kind))).Message);
        using MaskedLanguageModelTransformer two = TinyEncoder.Fit(_ml, o => (o.Network.Layers, o.Dropping.Kind) = (2, kind));
        Assert.IsNotNull(two.TokenImportance);
    }

    [TestMethod]
    public void More_pinned_tokens_than_are_kept_are_kept_nevertheless()
    {
        var options = new EncoderDroppingOptions { Kind = TokenDroppingKind.TokenDropping, KeepRatio = 0.25 };
        var dropper = new TokenDropper(options, DropRule.Of(Tokenizer().ColumnInfo), new long[VocabularySize], updates: 10);
        using var scope = torch.NewDisposeScope();
        // Rows of eight, of which two would be kept: the first has five special tokens, the second one, and two places of padding.
        int[] inputs = [Bos, Letter, Mask, Letter, Mask, Mask, Letter, Eos, Letter, Letter, Letter, Bos, Letter, Letter, VocabularySize, VocabularySize];
        TokenSelection selection = dropper.Select(new CorruptedTokens(inputs, [1, 2], [], [], Length: 8), update: 0, batch: 0, torch.CPU)!;
        long[][] selected = [.. selection.Selected.data<long>().ToArray().Chunk(5)];
        CollectionAssert.AreEquivalent((long[])[0, 2, 4, 5, 7], selected[0]);
        CollectionAssert.Contains(selected[1], 3L);
        Assert.IsEmpty(selected[1].Intersect([6L, 7L]), "padding");

        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o => o.Dropping = options, Rows([Bos, Letter, Eos], [Bos, Letter, Eos, Eos, Eos, Eos]));
        Assert.IsTrue(model.Weights().All(float.IsFinite));
    }

    [TestMethod]
    public void Kinds_that_do_not_fit_the_tokens_are_named()
    {
        void Refused(string part, params int[] types) => Assert.Contains(part, Assert.ThrowsExactly<InvalidDataException>(() =>
            TinyEncoder.Fit(_ml, o => o.TokenTypesColumnName = "Types", Rows([new Row { Tokens = [Letter, Letter], Types = [0, 1] }, new Row { Tokens = [Letter, Letter], Types = types }]))).Message);
        Refused("Column 'Types' has 1 kinds in row 1 for the 2 tokens of column 'Tokens'", 0);
        Refused("Column 'Types' has the kind 2 in row 1, slot 1: the encoder knows 0 to 1", 0, 2);
        Refused("the kind -1", -1, 0);
    }

    private static BytePairTokenizer Tokenizer() => TinyModel.Tokenizer(new MLContext(seed: 1)).Tokenizer;

    private IDataView Rows(params int[][] rows) => Rows([.. rows.Select(tokens => new Row { Tokens = tokens })]);

    private IDataView Rows(Row[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        Tokenizer().ColumnInfo.AddTo(schema[nameof(Row.Tokens)]);
        return _ml.Data.LoadFromEnumerable(rows, schema);
    }

    private void Embeddings(IDataView training, IDataView scored)
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, data: training);
        Embeddings(model, scored);
    }

    private static float[][] Embeddings(MaskedLanguageModelTransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float[]>("Embedding")];

    private sealed class Row
    {
        public int[] Tokens { get; set; } = [];

        public int[] Types { get; set; } = [];
    }
}
