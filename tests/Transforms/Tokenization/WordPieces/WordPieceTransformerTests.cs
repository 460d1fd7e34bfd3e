using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class WordPieceTransformerTests
{
    private static readonly string?[] s_texts = ["the cats sat", "", null, "naïve 🐈‍⬛ cats", "\0\n"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Column_has_the_ids_and_names_its_tokenizer()
    {
        using WordPieceTransformer model = Fit(new());
        IDataView output = model.Transform(Data());
        DataViewSchema.Column column = output.Schema["Tokens"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32), column.Type);
        Assert.IsNull(output.Schema.GetColumnOrNull("TokenTypes"));
        int[][] rows = [.. output.GetColumn<int[]>("Tokens")];
        for (int row = 0; row < rows.Length; row++)
            CollectionAssert.AreEqual(model.Encode(s_texts[row] ?? ""), rows[row]);
        TokenColumnInfo info = TokenAnnotations.Of(column)!;
        Assert.IsTrue(info.IsConsistent());
        Assert.AreEqual(model.VocabularySize, info.VocabularySize);
        CollectionAssert.AreEquivalent(model.SpecialTokens.ToArray(), info.SpecialTokens.ToArray());
        CollectionAssert.AreEqual(rows[3], TextTokenizer.FromJson(info.TokenizerJson).Encode(s_texts[3]!));
        TokenAnnotations.RequireSame(column, model.Tokenizer.Fingerprint);
    }

    [TestMethod]
    public void Empty_and_missing_text_has_the_special_tokens_alone()
    {
        foreach (int row in new[] { 1, 2, 4 })
        {
            CollectionAssert.AreEqual(new[] { 2, 3 }, Tokens(new())[row], $"row {row}");
            Assert.IsEmpty(Tokens(new() { AddSpecialTokens = false })[row], $"row {row}");
        }
    }

    [TestMethod]
    public void Pairs_have_a_column_of_token_types()
    {
        TextPairRow[] rows = [new() { Question = "cats?", Answer = "cats sat" }, new() { Question = "cats", Answer = null }, new() { Question = null, Answer = "cats" }, new()];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var options = new WordPieceOptions { InputColumnName = "Question", SecondInputColumnName = "Answer", TokenTypeColumnName = "Types", MinFrequency = 1 };
        using WordPieceTransformer model = _ml.Transforms.Text.TokenizeWordPieces(options).Fit(data);
        int cats = model.Encode("cats")[1], sat = model.Encode("sat")[1], mark = model.Encode("?")[1];
        IDataView output = model.Transform(data);
        int[][] tokens = [.. output.GetColumn<int[]>("Tokens")], types = [.. output.GetColumn<int[]>("Types")];
        CollectionAssert.AreEqual(new[] { 2, cats, mark, 3, cats, sat, 3 }, tokens[0]);
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 0, 1, 1, 1 }, types[0]);
        CollectionAssert.AreEqual(new[] { 2, cats, 3, 3 }, tokens[1]);
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 1 }, types[1]);
        CollectionAssert.AreEqual(new[] { 2, 3, cats, 3 }, tokens[2]);
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 1 }, types[2]);
        CollectionAssert.AreEqual(new[] { 2, 3, 3 }, tokens[3]);
    }

    [TestMethod]
    public void A_text_can_be_its_own_pair()
    {
        IDataView data = Data();
        using WordPieceTransformer model = _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Text", SecondInputColumnName = "Text" }).Fit(data);
        CollectionAssert.AreEqual(model.EncodePair(s_texts[0]!, s_texts[0]!).Ids, model.Transform(data).GetColumn<int[]>("Tokens").First());
    }

    [TestMethod]
    public void Text_column_can_be_replaced()
    {
        using WordPieceTransformer model = _ml.Transforms.Text.TokenizeWordPieces("Text", vocabularySize: 300).Fit(Data());
        CollectionAssert.AreEqual(model.Encode("the cats sat"), model.Transform(Data()).GetColumn<int[]>("Text").First());
    }

    [TestMethod]
    public void Tokens_are_decoded_by_the_columns_annotations_also_after_loading()
    {
        var pipeline = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", vocabularySize: 300).Append(_ml.Transforms.Text.DecodeTokens("Again", "Tokens"));
        var model = pipeline.Fit(Data());
        string[] expected = ["the cats sat", "", "", "naive 🐈⬛ cats", ""];
        CollectionAssert.AreEqual(expected, model.Transform(Data()).GetColumn<string>("Again").ToArray());
        CollectionAssert.AreEqual(expected, Load(Save(model)).Transform(Data()).GetColumn<string>("Again").ToArray());
        Assert.AreEqual(TextDataViewType.Instance, pipeline.GetOutputSchema(SchemaShapes.Of(Data().Schema)).Single(c => c.Name == "Again").ItemType);
    }

    [TestMethod]
    public void A_vocabulary_of_characters_has_one_token_a_letter()
    {
        using WordPieceTransformer model = Fit(new() { MaxTokenLength = 1, StripAccents = false });
        // 11 letters and signs of the texts, each twice, and five special tokens.
        Assert.AreEqual(5 + (2 * "acehnstvï🐈⬛".EnumerateRunes().Count()), model.VocabularySize);
        Assert.HasCount(2 + "thecatssat".Length, model.Encode("the cats sat"));
        Assert.DoesNotContain(model.SpecialTokens["unk"], model.Encode("tïtan hats 🐈🐈"));
        Assert.Contains(model.SpecialTokens["unk"], model.Encode("xylophone"));
    }

    [TestMethod]
    public void A_vocabulary_without_room_for_the_characters_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Fit(new() { VocabularySize = 26 }));
        StringAssert.Contains(error.Message, "VocabularySize must be at least 27");
        StringAssert.Contains(error.Message, "MaxCharacters");
        using WordPieceTransformer exact = Fit(new() { VocabularySize = 27 });
        Assert.AreEqual(27, exact.VocabularySize);
        using WordPieceTransformer fewer = Fit(new() { VocabularySize = 26, MaxCharacters = 10 });
        Assert.AreEqual(26, fewer.VocabularySize);
    }

    [TestMethod]
    public void Data_without_text_is_refused()
    {
        foreach (string?[] none in new string?[][] { [], [null, "", " \0\n"] })
        {
            IDataView data = _ml.Data.LoadFromEnumerable(none.Select(text => new TextRow { Text = text }));
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text").Fit(data)).Message, "'Text' has no text");
        }
    }

    [TestMethod]
    public void Rare_characters_are_warned_of()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add(e.Message);
        using WordPieceTransformer model = Fit(new() { MaxCharacters = 10 });
        Assert.IsTrue(messages.Any(message => message.Contains("MaxCharacters", StringComparison.Ordinal) && message.Contains("[UNK]", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Wrong_options_are_named()
    {
        (WordPieceOptions Options, string Part)[] wrong =
        [
            (new() { OutputColumnName = "" }, "OutputColumnName"),
            (new() { InputColumnName = " " }, "InputColumnName"),
            (new() { SecondInputColumnName = "" }, "SecondInputColumnName"),
            (new() { SecondInputColumnName = "B", TokenTypeColumnName = "" }, "TokenTypeColumnName"),
            (new() { SecondInputColumnName = "B", TokenTypeColumnName = "Tokens" }, "both 'Tokens'"),
            (new() { SecondInputColumnName = "B", AddSpecialTokens = false }, "needs AddSpecialTokens"),
            (new() { VocabularySize = 5 }, "VocabularySize must be from 6"),
            (new() { VocabularySize = 1 << 21 }, "VocabularySize"),
            (new() { MinFrequency = 0 }, "MinFrequency"),
            (new() { MaxTokenLength = 0 }, "MaxTokenLength"),
            (new() { MaxCharacters = 0 }, "MaxCharacters"),
            (new() { MaxTokens = 2 }, "MaxTokens must be above 2"),
            (new() { MaxTokens = 3, SecondInputColumnName = "B" }, "MaxTokens must be above 3"),
            (new() { MaxTokens = 0, AddSpecialTokens = false }, "MaxTokens must be above 0"),
            (new() { VocabularyFile = "no.txt" }, "VocabularyFile is 'no.txt', which does not exist"),
            (new() { TokenizerFile = "no.json" }, "'no.json'"),
            (new() { TokenizerFile = "no.json", VocabularyFile = "no.txt" }, "TokenizerFile and VocabularyFile are two vocabularies"),
            (new() { TokenizerFile = "no.json", Lowercase = false }, "Lowercase"),
            (new() { TokenizerFile = "no.json", AddSpecialTokens = false }, "AddSpecialTokens"),
        ];
        foreach ((WordPieceOptions options, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenizeWordPieces(options), part).Message, part);
    }

    [TestMethod]
    public void Learning_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var options = new WordPieceOptions { InputColumnName = "Text", CancellationToken = source.Token };
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.Transforms.Text.TokenizeWordPieces(options).Fit(Data()));
        var context = new MLContext(seed: 1);
        context.CancelExecution();
        Assert.ThrowsExactly<OperationCanceledException>(() => context.Transforms.Text.TokenizeWordPieces("Tokens", "Text").Fit(Data()));
    }

    [TestMethod]
    [DataRow("outputColumnName", "")]
    [DataRow("inputColumnName", null)]
    [DataRow("secondInputColumnName", " ")]
    [DataRow("secondInputColumnName", null)]
    [DataRow("tokenTypeColumnName", "")]
    [DataRow("tokenTypeColumnName", null)]
    [DataRow("other", "name")]
    public void Damaged_headers_are_refused_when_a_model_is_loaded(string member, string? name)
    {
        var options = new WordPieceOptions { InputColumnName = "Text", SecondInputColumnName = "Text" };
        using WordPieceTransformer model = _ml.Transforms.Text.TokenizeWordPieces(options).Fit(Data());
        byte[] file = ModelZip.Read(Save(model)).EditHeader(h => h["state"]![member] = name).ToBytes();
        Assert.IsInstanceOfType<InvalidDataException>(Assert.Throws<Exception>(() => Load(file)).GetBaseException());
    }

    private WordPieceTransformer Fit(WordPieceOptions options)
    {
        options.InputColumnName = "Text";
        return _ml.Transforms.Text.TokenizeWordPieces(options).Fit(Data());
    }

    private int[][] Tokens(WordPieceOptions options)
    {
        using WordPieceTransformer model = Fit(options);
        return [.. model.Transform(Data()).GetColumn<int[]>("Tokens")];
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable(s_texts.Select(text => new TextRow { Text = text }));

    private byte[] Save(ITransformer model)
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(model, Data().Schema, stream);
        return stream.ToArray();
    }

    private ITransformer Load(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return _ml.Model.Load(stream, out _);
    }
}
