using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class BytePairTransformerTests
{
    private static readonly string?[] s_texts = ["the cats sat", "", null, "naïve 🐈‍⬛ cats", "\0\n"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Column_has_the_ids_and_names_its_tokenizer()
    {
        using BytePairTransformer model = Fit(new());
        IDataView output = model.Transform(Data());
        DataViewSchema.Column column = output.Schema["Tokens"];
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32), column.Type);
        int[][] rows = [.. output.GetColumn<int[]>("Tokens")];
        for (int row = 0; row < rows.Length; row++)
            CollectionAssert.AreEqual(model.Encode(s_texts[row] ?? ""), rows[row]);
        TokenColumnInfo info = TokenAnnotations.Of(column)!;
        Assert.AreEqual(model.VocabularySize, info.VocabularySize);
        CollectionAssert.AreEquivalent(model.SpecialTokens.ToArray(), info.SpecialTokens.ToArray());
        CollectionAssert.AreEqual(rows[3], BytePairTokenizer.FromJson(info.TokenizerJson).Encode(s_texts[3]!));
        TokenAnnotations.RequireSame(column, model.Tokenizer.Fingerprint);
    }

    [TestMethod]
    public void Empty_and_missing_text_has_no_tokens_but_those_asked_for()
    {
        int[][] plain = Tokens(new()), around = Tokens(new() { AddBos = true, AddEos = true });
        Assert.IsEmpty(plain[1]);
        Assert.IsEmpty(plain[2]);
        CollectionAssert.AreEqual(new[] { 1, 2 }, around[1]);
        CollectionAssert.AreEqual(new[] { 1, 2 }, around[2]);
    }

    [TestMethod]
    public void Text_column_can_be_replaced()
    {
        BytePairEstimator estimator = _ml.Transforms.Text.TokenizeBytePairs("Text", vocabularySize: 300);
        using BytePairTransformer model = estimator.Fit(Data());
        IDataView output = model.Transform(Data());
        CollectionAssert.AreEqual(model.Encode("the cats sat"), output.GetColumn<int[]>("Text").First());
    }

    [TestMethod]
    public void Tokens_are_decoded_by_the_columns_annotations_also_after_loading()
    {
        var pipeline = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300, addBos: true).Append(_ml.Transforms.Text.DecodeTokens("Again", "Tokens"));
        var model = pipeline.Fit(Data());
        string[] expected = [.. s_texts.Select(text => text ?? "")];
        CollectionAssert.AreEqual(expected, model.Transform(Data()).GetColumn<string>("Again").ToArray());
        ITransformer loaded = Load(Save(model));
        CollectionAssert.AreEqual(expected, loaded.Transform(Data()).GetColumn<string>("Again").ToArray());
        SchemaShape.Column promised = pipeline.GetOutputSchema(MLNetExt.Components.SchemaShapes.Of(Data().Schema)).Single(c => c.Name == "Again");
        Assert.AreEqual(TextDataViewType.Instance, promised.ItemType);
    }

    [TestMethod]
    public void Columns_without_a_tokenizer_are_not_decoded()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new TokenPrediction { Tokens = [1, 2] } });
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.DecodeTokens("Text", "Tokens").Fit(data));
        StringAssert.Contains(error.Message, "'Tokens'");
        StringAssert.Contains(error.Message, "TokenizeBytePairs");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.DecodeTokens("Again", "Text").Fit(Data())).Message, "'Text'");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.DecodeTokens("Again", "None").Fit(Data())).Message, "'None'");
    }

    [TestMethod]
    public void Empty_data_gives_the_bytes()
    {
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<TextRow>());
        using BytePairTransformer model = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text").Fit(none);
        Assert.AreEqual(256 + 5, model.VocabularySize);
        Assert.AreEqual("any text", model.Decode(model.Encode("any text")));
    }

    [TestMethod]
    public void Wrong_options_are_named()
    {
        (BytePairOptions Options, string Part)[] wrong =
        [
            (new() { OutputColumnName = "" }, "OutputColumnName"),
            (new() { InputColumnName = " " }, "InputColumnName"),
            (new() { VocabularySize = 260 }, "VocabularySize must be from 261"),
            (new() { VocabularySize = 1 << 21 }, "VocabularySize"),
            (new() { MinFrequency = 0 }, "MinFrequency"),
            (new() { MaxTokens = 0 }, "MaxTokens"),
            (new() { MaxTokens = 2, AddBos = true, AddEos = true }, "MaxTokens must be above 2"),
            (new() { SpecialTokens = ["Pad"] }, "'Pad'"),
            (new() { SpecialTokens = ["1st"] }, "'1st'"),
            (new() { SpecialTokens = ["-"] }, "'-'"),
            (new() { SpecialTokens = ["_pad"] }, "'_pad'"),
            (new() { SpecialTokens = [new string('a', 33)] }, "up to 31"),
            (new() { SpecialTokens = ["endoftext"] }, "'endoftext'"),
            (new() { SpecialTokens = ["pad", "pad"] }, "twice"),
            (new() { SpecialTokens = null! }, "SpecialTokens"),
            (new() { SpecialTokens = ["pad"], AddEos = true }, "'eos'"),
            (new() { VocabularyFile = "vocab.json" }, "MergesFile"),
            (new() { VocabularyFile = "no.json", MergesFile = "no.txt" }, "'no.json'"),
            (new() { TokenizerFile = "no.json" }, "'no.json'"),
            (new() { TokenizerFile = "no.json", VocabularyFile = "v", MergesFile = "m" }, "two vocabularies"),
            (new() { TokenizerFile = "no.json", Lowercase = true }, "Lowercase"),
        ];
        foreach ((BytePairOptions options, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenizeBytePairs(options), part).Message, part);
    }

    [TestMethod]
    public void Learning_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var options = new BytePairOptions { InputColumnName = "Text", CancellationToken = source.Token };
        Assert.ThrowsExactly<OperationCanceledException>(() => _ml.Transforms.Text.TokenizeBytePairs(options).Fit(Data()));
        var context = new MLContext(seed: 1);
        context.CancelExecution();
        Assert.ThrowsExactly<OperationCanceledException>(() => context.Transforms.Text.TokenizeBytePairs("Tokens", "Text").Fit(Data()));
    }

    [TestMethod]
    [DataRow("", "no 'tokenizer.json'")]
    [DataRow("{}", "model")]
    [DataRow("{\"model\":{\"vocab\":{\"a\":0},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false}}", "no token for the byte 0")]
    public void Damaged_models_are_refused(string tokenizer, string part)
    {
        using BytePairTransformer model = Fit(new());
        byte[] file = Replace(Save(model), "tokenizer.json", tokenizer);
        StringAssert.Contains(Assert.Throws<Exception>(() => Load(file)).GetBaseException().Message, part);
    }

    [TestMethod]
    [DataRow("outputColumnName", "")]
    [DataRow("outputColumnName", null)]
    [DataRow("inputColumnName", " ")]
    [DataRow("inputColumnName", null)]
    [DataRow("other", "name")]
    public void Columns_without_a_name_are_refused_when_a_model_is_loaded(string member, string? name)
    {
        using BytePairTransformer model = Fit(new());
        using TokenDecodingTransformer decoding = _ml.Transforms.Text.DecodeTokens("Again", "Tokens").Fit(model.Transform(Data()));
        foreach (ITransformer transformer in new ITransformer[] { model, decoding })
        {
            byte[] file = ModelZip.Read(Save(transformer)).EditHeader(h => h["state"]![member] = name).ToBytes();
            Assert.IsInstanceOfType<InvalidDataException>(Assert.Throws<Exception>(() => Load(file)).GetBaseException());
        }
    }

    private BytePairTransformer Fit(BytePairOptions options)
    {
        (options.InputColumnName, options.VocabularySize) = ("Text", 300);
        return _ml.Transforms.Text.TokenizeBytePairs(options).Fit(Data());
    }

    private int[][] Tokens(BytePairOptions options)
    {
        using BytePairTransformer model = Fit(options);
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

    /// <summary>The model with another entry of that name, or without it when the text is empty.</summary>
    private static byte[] Replace(byte[] file, string name, string text)
    {
        using var stream = new MemoryStream();
        stream.Write(file);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.Entries.Single(e => e.FullName.EndsWith(name, StringComparison.Ordinal));
            string path = entry.FullName;
            entry.Delete();
            if (text.Length > 0)
            {
                using var writer = new StreamWriter(zip.CreateEntry(path).Open());
                writer.Write(text);
            }
        }
        return stream.ToArray();
    }
}
