using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Masking;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Tokenization;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class GoldfishTransformTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Column_holds_the_mask_of_its_rule()
    {
        MaskedRow[] rows = MaskedRow.Some(30, seed: 3);
        var options = new GoldfishMaskOptions { K = 3, H = 4, DocumentColumnName = "Documents", ExemptIds = [9], EndOfDocumentId = 11 };
        GoldfishMaskTransformer model = _ml.Transforms.Text.GoldfishMask(options).Fit(Data(rows));
        float[][] masks = [.. model.Transform(Data(rows)).GetColumn<float[]>("LossMask")];
        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(GoldfishOracle.Mask(model.Rule, rows[i].Tokens, [.. rows[i].Documents.Select(d => (long)d)]), masks[i], $"row {i}");
        Assert.IsTrue(masks.Any(mask => mask.Contains(0)));
    }

    [TestMethod]
    public void Documents_may_be_keys_or_long_numbers()
    {
        MaskedRow[] rows = MaskedRow.Some(20, seed: 4);
        float[][] expected = Masks(new() { H = 3, DocumentColumnName = "Documents" }, Data(rows));
        IDataView longs = _ml.Transforms.Conversion.ConvertType("Documents", outputKind: DataKind.Int64).Fit(Data(rows)).Transform(Data(rows));
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Documents").Fit(Data(rows)).Transform(Data(rows));
        foreach (IDataView data in new[] { longs, keys })
        {
            float[][] masks = Masks(new() { H = 3, DocumentColumnName = "Documents" }, data);
            for (int i = 0; i < masks.Length; i++)
                CollectionAssert.AreEqual(expected[i], masks[i], $"row {i}");
        }
    }

    [TestMethod]
    public void Vectors_of_known_length_and_sparse_ones_are_masked_alike()
    {
        int[] ids = [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? i : 0)];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(MaskedRow));
        schema["Tokens"].ColumnType = new VectorDataViewType(NumberDataViewType.Int32, 40);
        IDataView known = _ml.Data.LoadFromEnumerable([new MaskedRow { Tokens = ids }], schema);
        IDataView output = _ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", h: 2).Fit(known).Transform(known);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 40), output.Schema["LossMask"].Type);

        var sparse = new VBuffer<int>(40, 9, [.. ids.Where(id => id > 0)], [.. Enumerable.Range(0, 40).Where(i => ids[i] > 0)]);
        IDataView asSparse = _ml.Data.LoadFromEnumerable([new SparseRow { Tokens = sparse }]);
        float[] expected = output.GetColumn<float[]>("LossMask").Single();
        CollectionAssert.AreEqual(expected, _ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", h: 2).Fit(asSparse).Transform(asSparse).GetColumn<float[]>("LossMask").Single());
        Assert.Contains(0f, expected);
    }

    [TestMethod]
    public void Only_what_is_asked_for_is_read_and_rows_can_be_shuffled_unless_their_place_matters()
    {
        MaskedRow[] rows = MaskedRow.Some(20, seed: 5);
        foreach ((GoldfishStrategy strategy, bool canShuffle) in new[] { (GoldfishStrategy.Hash, true), (GoldfishStrategy.Random, false) })
        {
            IDataView data = _ml.Data.Cache(Data(rows));
            IDataView view = _ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", strategy: strategy).Fit(data).Transform(data);
            Assert.IsTrue(data.CanShuffle);
            Assert.AreEqual(canShuffle, view.CanShuffle);
            Assert.AreEqual(data.GetRowCount(), view.GetRowCount());
            using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Documents"]], new Random(1));
            Assert.IsTrue(cursor.MoveNext());
            Assert.IsFalse(cursor.IsColumnActive(view.Schema["LossMask"]));
            StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(view.Schema["LossMask"])).Message, "'LossMask'");
            using DataViewRowCursor masks = view.GetRowCursor([view.Schema["LossMask"]]);
            StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => masks.GetGetter<VBuffer<int>>(view.Schema["LossMask"])).Message, "Single");
        }
    }

    [TestMethod]
    public void Special_tokens_of_the_columns_tokenizer_can_be_exempt()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new TextRow { Text = $"{i} cats" }));
        var tokens = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300, addEos: true);
        float[] Last(bool exempt) => [.. tokens.Append(_ml.Transforms.Text.GoldfishMask(new GoldfishMaskOptions { H = 1, K = 2, ExemptSpecialTokens = exempt, Seed = 6 }))
            .Fit(data).Transform(data).GetColumn<float[]>("LossMask").Select(mask => mask[^1]).Distinct()];
        CollectionAssert.AreEqual(new[] { 1f }, Last(exempt: true));
        // With h = 1 a token is dropped everywhere or nowhere; this seed drops eos.
        CollectionAssert.AreEqual(new[] { 0f }, Last(exempt: false));
        StringAssert.Contains(
            Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.GoldfishMask(new GoldfishMaskOptions { ExemptSpecialTokens = true }).Fit(Data([new()]))).Message, "ExemptSpecialTokens");
    }

    [TestMethod]
    public void Ids_outside_the_vocabulary_are_named_with_their_row()
    {
        IDataView plain = Data([new() { Tokens = [1, 2] }, new() { Tokens = [3, -4] }]);
        string message = Assert.Throws<InvalidDataException>(() => Masks(new(), plain)).Message;
        StringAssert.Contains(message, "Row 1 of column 'Tokens' holds the token id -4 at place 1");
        StringAssert.Contains(message, "not negative");
        Assert.HasCount(2, Masks(new() { IgnoreId = -4 }, plain));

        message = Assert.Throws<InvalidDataException>(() => Masks(new(), Named(100, [5, 100]))).Message;
        StringAssert.Contains(message, "the token id 100 at place 1");
        StringAssert.Contains(message, "[0, 100)");
        Assert.HasCount(1, Masks(new(), Named(101, [5, 100])));
    }

    [TestMethod]
    public void Document_ids_of_another_length_are_named_with_their_row()
    {
        IDataView data = Data([new() { Tokens = [1, 2], Documents = [0, 0] }, new() { Tokens = [1, 2, 3], Documents = [0] }]);
        string message = Assert.Throws<InvalidDataException>(() => Masks(new() { DocumentColumnName = "Documents" }, data)).Message;
        StringAssert.Contains(message, "Row 1 has 3 tokens in column 'Tokens' and 1 document ids in column 'Documents'");
    }

    [TestMethod]
    public void Wrong_options_are_named()
    {
        (GoldfishMaskOptions Options, string Part)[] wrong =
        [
            (new() { K = 1 }, "K must be at least 2"),
            (new() { K = 0 }, "K must be at least 1"),
            (new() { H = 0 }, "H must be at least 1"),
            (new() { Start = -1 }, "Start"),
            (new() { Strategy = (GoldfishStrategy)7 }, "Strategy"),
            (new() { ExemptIds = null! }, "ExemptIds"),
            (new() { OutputColumnName = "" }, "OutputColumnName"),
            (new() { InputColumnName = null! }, "InputColumnName"),
            (new() { DocumentColumnName = " " }, "DocumentColumnName"),
        ];
        foreach ((GoldfishMaskOptions options, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.GoldfishMask(options), part).Message, part);
    }

    [TestMethod]
    public void Damaged_models_are_refused()
    {
        IDataView data = Data([new()]);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", k: 4).Fit(data), data.Schema, stream);
        byte[] damaged = ModelZip.Read(stream.ToArray()).EditHeader(header => header["state"]!["rule"]!["k"] = 1).ToBytes();
        using var model = new MemoryStream(damaged);
        StringAssert.Contains(Assert.Throws<Exception>(() => _ml.Model.Load(model, out _)).GetBaseException().Message, "K must be at least 2");
    }

    private float[][] Masks(GoldfishMaskOptions options, IDataView data) =>
        [.. _ml.Transforms.Text.GoldfishMask(options).Fit(data).Transform(data).GetColumn<float[]>("LossMask")];

    private IDataView Data(IEnumerable<MaskedRow> rows) => _ml.Data.LoadFromEnumerable(rows);

    /// <summary>A row of tokens of a column that names a vocabulary.</summary>
    private IDataView Named(int vocabularySize, int[] ids)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(MaskedRow));
        schema["Tokens"].AddAnnotation("TokenVocabularySize", vocabularySize, NumberDataViewType.Int32);
        foreach (string name in new[] { "SpecialTokens", "TokenizerJson", "TokenizerFingerprint" })
            schema["Tokens"].AddAnnotation(name, "{}".AsMemory(), TextDataViewType.Instance);
        IDataView data = _ml.Data.LoadFromEnumerable([new MaskedRow { Tokens = ids }], schema);
        Assert.IsNotNull(TokenAnnotations.Of(data.Schema["Tokens"]));
        return data;
    }

    private sealed class SparseRow
    {
        public VBuffer<int> Tokens { get; set; }
    }
}
