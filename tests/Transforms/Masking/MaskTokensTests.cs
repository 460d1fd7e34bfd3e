using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SearchSpace;
using MLNetExt.Columns;
using MLNetExt.Masking;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Tokenization;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class MaskTokensTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Columns_hold_the_corruption_of_the_policy()
    {
        MaskedRow[] rows = MaskedRow.Some(40, seed: 2);
        var options = new MaskTokensOptions { Rate = 0.3, WholeWords = true, Epoch = 5, Seed = 9, WeightColumnName = "MaskWeights" };
        MaskTokensTransformer model = _ml.Transforms.Text.MaskTokens(options).Fit(Data(rows));
        IDataView output = model.Transform(Data(rows));
        int[][] inputs = [.. output.GetColumn<int[]>("MaskedTokens")], labels = [.. output.GetColumn<int[]>("MaskLabels")];
        float[][] weights = [.. output.GetColumn<float[]>("MaskWeights")];
        var policy = new MaskPolicy(model.Rule, MaskVocabulary.Of(NamedTokens.Tokenizer, wholeWords: true));
        for (int i = 0; i < rows.Length; i++)
        {
            int[] ids = rows[i].Tokens, read = new int[ids.Length], predicted = new int[ids.Length];
            policy.Apply(ids, MaskPolicy.RowHash(ids), 5, read, predicted);
            CollectionAssert.AreEqual(read, inputs[i], $"row {i}");
            CollectionAssert.AreEqual(predicted, labels[i], $"row {i}");
            CollectionAssert.AreEqual(predicted.Select(label => label < 0 ? 0f : 1f).ToArray(), weights[i], $"row {i}");
        }
        Assert.IsTrue(inputs.Any(row => row.Contains(NamedTokens.Mask)));
        Assert.AreEqual(NamedTokens.Tokenizer.Fingerprint, TokenAnnotations.Of(output.Schema["MaskedTokens"])!.Fingerprint);
        Assert.IsNull(TokenAnnotations.Of(output.Schema["MaskLabels"]));
    }

    [TestMethod]
    public void Rows_are_corrupted_by_what_they_hold_wherever_they_stand()
    {
        MaskedRow[] rows = MaskedRow.Some(30, seed: 3);
        int[][] Inputs(IEnumerable<MaskedRow> of) => [.. Transform(new(), Data(of)).GetColumn<int[]>("MaskedTokens")];
        int[][] forwards = Inputs(rows), backwards = [.. Inputs(rows.Reverse()).Reverse()];
        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(forwards[i], backwards[i], $"row {i}");
        Assert.IsTrue(Transform(new(), _ml.Data.Cache(Data(rows))).CanShuffle);
    }

    [TestMethod]
    public void Search_tries_nothing_that_only_some_tokenizers_allow() => Assert.IsNull(
        typeof(MaskTokensOptions).GetProperty(nameof(MaskTokensOptions.WholeWords))!.GetCustomAttribute<BooleanChoiceAttribute>(), "byte pairs do not mark the pieces of a word");

    [TestMethod]
    public void Tokens_of_byte_pairs_can_be_masked_in_place()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new TextRow { Text = $"{i} cats sat on {i % 3} mats" }));
        IDataView output = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300, addEos: true)
            .Append(_ml.Transforms.Text.MaskTokens("Tokens", "Labels", "Tokens")).Fit(data).Transform(data);
        int mask = TokenAnnotations.Of(output.Schema["Tokens"])!.SpecialTokens["mask"];
        Assert.IsTrue(output.GetColumn<int[]>("Tokens").Any(row => row.Contains(mask)));
        StringAssert.Contains(
            Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300)
                .Append(_ml.Transforms.Text.MaskTokens("Masked", "Labels", "Tokens", wholeWords: true)).Fit(data)).Message, "WholeWords");
    }

    [TestMethod]
    public void Vectors_of_known_length_stay_so_and_sparse_ones_are_read()
    {
        SchemaDefinition schema = NamedTokens.Schema();
        schema["Tokens"].ColumnType = new VectorDataViewType(NumberDataViewType.Int32, 20);
        int[] ids = [.. Enumerable.Range(0, 20).Select(i => i % 3 == 0 ? 0 : i + 10)];
        IDataView known = _ml.Data.LoadFromEnumerable([new MaskedRow { Tokens = ids }], schema);
        IDataView output = Transform(new(), known);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32, 20), output.Schema["MaskedTokens"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32, 20), output.Schema["MaskLabels"].Type);

        int[] places = [.. Enumerable.Range(0, 20).Where(i => ids[i] > 0)];
        IDataView sparse = _ml.Data.LoadFromEnumerable([new SparseTokens { Tokens = new VBuffer<int>(20, places.Length, [.. places.Select(i => ids[i])], places) }]);
        var explicitIds = new MaskTokensOptions { VocabularySize = NamedTokens.VocabularySize, MaskId = NamedTokens.Mask, SpecialIds = [0, 1, 2, 3] };
        CollectionAssert.AreEqual(output.GetColumn<int[]>("MaskedTokens").Single(), Transform(explicitIds, sparse).GetColumn<int[]>("MaskedTokens").Single());
    }

    [TestMethod]
    public void A_column_without_annotations_needs_the_ids()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(MaskedRow.Some(5, seed: 1));
        string message = Assert.Throws<ArgumentException>(() => Transform(new(), data)).Message;
        StringAssert.Contains(message, "'Tokens' does not say which tokenizer made it");
        StringAssert.Contains(message, "set VocabularySize, MaskId, SpecialIds.");
        message = Assert.Throws<ArgumentException>(() => Transform(new() { VocabularySize = 500, MaskId = 4, SpecialIds = [], WholeWords = true }, data)).Message;
        StringAssert.Contains(message, "set ContinuationIds.");
        Transform(new() { VocabularySize = 500, MaskId = 4, SpecialIds = [] }, data);
    }

    [TestMethod]
    public void A_tokenizer_without_a_mask_needs_its_id()
    {
        TokenColumnInfo without = NamedTokens.Tokenizer with { SpecialTokens = new Dictionary<string, int> { ["pad"] = 0 } };
        IDataView data = _ml.Data.LoadFromEnumerable(MaskedRow.Some(5, seed: 1), NamedTokens.Schema(without));
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Transform(new(), data)).Message, "role 'mask'");
        Transform(new() { MaskId = 7 }, data);
    }

    [TestMethod]
    public void Ids_outside_the_vocabulary_are_named_with_their_row()
    {
        IDataView data = Data([new() { Tokens = [5] }, new() { Tokens = [5, 500] }]);
        string message = Assert.Throws<InvalidDataException>(() => Read(Transform(new(), data))).Message;
        StringAssert.Contains(message, "Row 1 of column 'Tokens' holds the token id 500 at place 1");
        StringAssert.Contains(message, "the vocabulary that the column names");
        message = Assert.Throws<InvalidDataException>(() => Read(Transform(new() { VocabularySize = 400 }, data))).Message;
        StringAssert.Contains(message, "[0, 400), which is the vocabulary that VocabularySize names");
    }

    [TestMethod]
    public void Wrong_options_are_named()
    {
        (MaskTokensOptions Options, string Part)[] wrong =
        [
            (new() { Rate = 0 }, "Rate must lie in (0, 1]"),
            (new() { MaskShare = 1.5 }, "MaskShare must lie in [0, 1]"),
            (new() { RandomShare = 0.3 }, "at most 1 together"),
            (new() { VocabularySize = 0 }, "VocabularySize"),
            (new() { MaskId = -1 }, "MaskId holds -1"),
            (new() { SpecialIds = [-5] }, "SpecialIds holds -5"),
            (new() { ContinuationIds = [-5] }, "ContinuationIds holds -5"),
            (new() { OutputColumnName = "" }, "OutputColumnName"),
            (new() { LabelColumnName = null! }, "LabelColumnName"),
            (new() { InputColumnName = " " }, "InputColumnName"),
            (new() { WeightColumnName = "" }, "WeightColumnName"),
            (new() { LabelColumnName = "MaskedTokens" }, "OutputColumnName and LabelColumnName are both 'MaskedTokens'"),
        ];
        foreach ((MaskTokensOptions options, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.MaskTokens(options), part).Message, part);
    }

    [TestMethod]
    public void Damaged_models_are_refused()
    {
        IDataView data = Data([new()]);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Text.MaskTokens(new MaskTokensOptions()).Fit(data), data.Schema, stream);
        byte[] damaged = ModelZip.Read(stream.ToArray()).EditHeader(header => header["state"]!["rule"]!["maskShare"] = 0.95).ToBytes();
        using var model = new MemoryStream(damaged);
        StringAssert.Contains(Assert.Throws<Exception>(() => _ml.Model.Load(model, out _)).GetBaseException().Message, "at most 1 together");
    }

    private static int[] Read(IDataView view) => view.GetColumn<int[]>("MaskLabels").Last();

    private IDataView Transform(MaskTokensOptions options, IDataView data) => _ml.Transforms.Text.MaskTokens(options).Fit(data).Transform(data);

    private IDataView Data(IEnumerable<MaskedRow> rows) => _ml.Data.LoadFromEnumerable(rows, NamedTokens.Schema());

    private sealed class SparseTokens
    {
        public VBuffer<int> Tokens { get; set; }
    }
}
