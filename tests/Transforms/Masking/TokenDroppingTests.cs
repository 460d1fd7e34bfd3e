using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Masking;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.Tokenization;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class TokenDroppingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(DropScoring.Frequency)]
    [DataRow(DropScoring.Table)]
    [DataRow(DropScoring.Random)]
    public void Columns_hold_the_choice_of_the_policy(DropScoring scoring)
    {
        MaskedRow[] rows = MaskedRow.Some(40, seed: 2);
        foreach (MaskedRow row in rows.Where(row => row.Tokens.Length > 9))
            (row.Tokens[0], row.Tokens[^1]) = (NamedTokens.Cls, NamedTokens.Pad);
        float[]? given = scoring == DropScoring.Table ? [.. Enumerable.Range(0, NamedTokens.VocabularySize).Select(id => id * 13 % 50f)] : null;
        TokenDroppingTransformer model = _ml.Transforms.Text.TokenDropping(new TokenDroppingOptions { Scoring = scoring, Table = given, Seed = 3, Epoch = 8 }).Fit(Data(rows));
        IDataView output = model.Transform(Data(rows));
        int[][] places = [.. output.GetColumn<int[]>("KeepPositions")];
        float[][] masks = [.. output.GetColumn<float[]>("KeepMask")];

        var counts = new long[NamedTokens.VocabularySize];
        foreach (int id in rows.SelectMany(row => row.Tokens))
            counts[id]++;
        float[] table = scoring switch { DropScoring.Frequency => DropPolicy.FrequencyTable(counts), DropScoring.Table => given!, _ => [] };
        CollectionAssert.AreEqual(table, model.Table.ToArray());
        var policy = new DropPolicy(DropRule.Of(NamedTokens.Tokenizer) with { Seed = 3 });
        for (int i = 0; i < rows.Length; i++)
        {
            int[] ids = rows[i].Tokens, selected = new int[(ids.Length + 1) / 2], unselected = new int[ids.Length / 2];
            if (scoring == DropScoring.Random)
                policy.Select(ids, MaskPolicy.RowHash(ids), 8, selected, unselected);
            else
                policy.Select(ids, table, selected, unselected);
            CollectionAssert.AreEqual(selected, places[i], $"row {i}");
            CollectionAssert.AreEqual(ids.Select((_, place) => selected.Contains(place) ? 1f : 0f).ToArray(), masks[i], $"row {i}");
            if (ids.Length > 9)
                Assert.IsTrue(places[i].Contains(0) && !places[i].Contains(ids.Length - 1), $"row {i}: [CLS] is kept and [PAD] dropped");
        }
    }

    [TestMethod]
    public void Places_come_in_ascending_order_when_asked_for()
    {
        MaskedRow[] rows = MaskedRow.Some(20, seed: 3);
        int[][] Places(bool sorted) => [.. Transform(new() { SortByPosition = sorted }, Data(rows)).GetColumn<int[]>("KeepPositions")];
        int[][] byScore = Places(sorted: false), byPlace = Places(sorted: true);
        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(byScore[i].Order().ToArray(), byPlace[i], $"row {i}");
        Assert.IsTrue(byScore.Zip(byPlace).Any(pair => !pair.First.SequenceEqual(pair.Second)));
    }

    [TestMethod]
    public void A_column_without_annotations_needs_the_ids_and_is_counted_up_to_the_highest()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new MaskedRow { Tokens = [3, 9, 9, 9, 2] }, new MaskedRow { Tokens = [] }]);
        string message = Assert.Throws<ArgumentException>(() => Transform(new(), data)).Message;
        StringAssert.Contains(message, "does not say which tokenizer made it");
        StringAssert.Contains(message, "set PinnedIds, DeniedIds.");
        TokenDroppingTransformer model = _ml.Transforms.Text.TokenDropping(new TokenDroppingOptions { PinnedIds = [9], DeniedIds = [], KeepCount = 4 }).Fit(data);
        Assert.AreEqual(10, model.Table.Length);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 0 }, model.Transform(data).GetColumn<int[]>("KeepPositions").First());

        IDataView other = _ml.Data.LoadFromEnumerable([new MaskedRow { Tokens = [3, 10] }]);
        message = Assert.Throws<InvalidDataException>(() => model.Transform(other).GetColumn<float[]>("KeepMask").First()).Message;
        StringAssert.Contains(message, "Row 0 of column 'Tokens' holds the token id 10 at place 1");
        StringAssert.Contains(message, "[0, 10), which is the vocabulary that the table of scores names");
        IDataView empty = _ml.Data.LoadFromEnumerable(Array.Empty<MaskedRow>());
        Assert.AreEqual(1, _ml.Transforms.Text.TokenDropping(new TokenDroppingOptions { PinnedIds = [], DeniedIds = [] }).Fit(empty).Table.Length);
    }

    [TestMethod]
    public void A_row_with_more_pinned_tokens_than_are_kept_is_named()
    {
        IDataView data = Data([new() { Tokens = [2, 7, 8, 9] }, new() { Tokens = [2, 4, 4, 3] }]);
        string message = Assert.Throws<InvalidDataException>(() => Transform(new() { KeepCount = 2 }, data).GetColumn<int[]>("KeepPositions").Last()).Message;
        StringAssert.Contains(message, "Row 1 has 4 tokens that are always kept");
        StringAssert.Contains(message, "raise KeepCount to 4, or choose another PinnedOverflow");
        message = Assert.Throws<InvalidDataException>(() => Transform(new() { PinnedOverflow = PinnedOverflow.Refuse }, data).GetColumn<int[]>("KeepPositions").Last()).Message;
        StringAssert.Contains(message, "raise KeepRatio to 1, or choose another PinnedOverflow");
        Assert.HasCount(4, Transform(new() { KeepCount = 2, PinnedOverflow = PinnedOverflow.KeepMore }, data).GetColumn<int[]>("KeepPositions").Last());
        Assert.HasCount(2, Transform(new() { PinnedOverflow = PinnedOverflow.Drop }, data).GetColumn<int[]>("KeepPositions").Last());
    }

    [TestMethod]
    public void Short_and_empty_texts_keep_all_their_pinned_tokens()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(new TextRow[] { new() { Text = "the cat sat on the mat and the dog sat by the cat" }, new() { Text = "" }, new() { Text = "cat" }, new() { Text = "the cat" } });
        IDataView rows = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Text", vocabularySize: 60)
            .Append(_ml.Transforms.Text.MaskTokens("MaskedTokens", "MaskLabels", "Tokens", rate: 0.3))
            .Append(_ml.Transforms.Text.TokenDropping("KeepPositions", "KeepMask", "MaskedTokens")).Fit(texts).Transform(texts);
        int[][] tokens = [.. rows.GetColumn<int[]>("MaskedTokens")], places = [.. rows.GetColumn<int[]>("KeepPositions")];
        IReadOnlyList<int> pinned = DropRule.Of(TokenAnnotations.Of(rows.Schema["MaskedTokens"])!).PinnedIds;
        for (int row = 0; row < tokens.Length; row++)
        {
            int[] special = [.. Enumerable.Range(0, tokens[row].Length).Where(place => pinned.Contains(tokens[row][place]))];
            Assert.HasCount(Math.Max((tokens[row].Length + 1) / 2, special.Length), places[row], $"row {row}");
            Assert.IsEmpty(special.Except(places[row]), $"row {row}");
        }
        CollectionAssert.AreEqual(new[] { 0, 1 }, places[1]);
    }

    [TestMethod]
    public void A_table_of_fewer_ids_than_the_vocabulary_is_refused()
    {
        string message = Assert.Throws<ArgumentException>(() => Transform(new() { Scoring = DropScoring.Table, Table = new float[499] }, Data([new()]))).Message;
        StringAssert.Contains(message, "scores of 499 ids, but the vocabulary of column 'Tokens' has 500");
        // As that of an encoder whose network knows more ids than its tokenizer.
        Assert.IsNotNull(Transform(new() { Scoring = DropScoring.Table, Table = new float[512] }, Data([new()])));
    }

    [TestMethod]
    public void Counting_can_be_cancelled()
    {
        _ml.CancelExecution();
        Assert.Throws<OperationCanceledException>(() => Transform(new(), Data([new()])));
    }

    [TestMethod]
    public void Wrong_options_are_named()
    {
        (TokenDroppingOptions Options, string Part)[] wrong =
        [
            (new() { KeepRatio = 0 }, "KeepRatio must lie in (0, 1]"),
            (new() { KeepCount = -1 }, "KeepCount must be at least 0"),
            (new() { Scoring = DropScoring.Table }, "Table is null, and Scoring is Table"),
            (new() { Table = [1] }, "Table is set, and Scoring is Frequency"),
            (new() { Scoring = DropScoring.Table, Table = [] }, "length of Table must lie in [1, "),
            (new() { Scoring = (DropScoring)9 }, "Scoring must be one of its values"),
            (new() { PinnedOverflow = (PinnedOverflow)9 }, "PinnedOverflow"),
            (new() { PinnedIds = [-1] }, "PinnedIds holds -1"),
            (new() { DeniedIds = [-1] }, "DeniedIds holds -1"),
            (new() { PinnedIds = [3], DeniedIds = [3] }, "id 3 is in PinnedIds and in DeniedIds"),
            (new() { OutputColumnName = "" }, "OutputColumnName"),
            (new() { MaskColumnName = null! }, "MaskColumnName"),
            (new() { InputColumnName = "" }, "InputColumnName"),
            (new() { MaskColumnName = "KeepPositions" }, "OutputColumnName and MaskColumnName are both 'KeepPositions'"),
        ];
        foreach ((TokenDroppingOptions options, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenDropping(options), part).Message, part);
        StringAssert.Contains(
            Assert.Throws<ArgumentException>(() => Transform(new() { PinnedIds = [0] }, Data([new()]))).Message, "id 0 is in PinnedIds and in DeniedIds", "pad is denied by the annotations");
    }

    [TestMethod]
    public void Damaged_models_are_refused()
    {
        IDataView data = Data([new() { Tokens = [7, 8] }]);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.Text.TokenDropping(new TokenDroppingOptions()).Fit(data), data.Schema, stream);
        string Message(Func<ModelZip, ModelZip> damage)
        {
            using var model = new MemoryStream(damage(ModelZip.Read(stream.ToArray())).ToBytes());
            return Assert.Throws<Exception>(() => _ml.Model.Load(model, out _)).GetBaseException().Message;
        }
        StringAssert.Contains(Message(zip => zip.EditHeader(header => header["state"]!["rule"]!["keepRatio"] = 2)), "KeepRatio must lie in (0, 1]");
        StringAssert.Contains(Message(zip => zip.EditHeader(header => header["state"]!["outputColumnName"] = "KeepMask")), "must differ");
        StringAssert.Contains(Message(zip => zip.Replace(zip.IndexOf("scores.bin"), new byte[7])), "'scores.bin' has 7 bytes");
        StringAssert.Contains(Message(zip => zip.Replace(zip.IndexOf("scores.bin"), [])), "'scores.bin' has 0 bytes");
    }

    private IDataView Transform(TokenDroppingOptions options, IDataView data) => _ml.Transforms.Text.TokenDropping(options).Fit(data).Transform(data);

    private IDataView Data(IEnumerable<MaskedRow> rows) => _ml.Data.LoadFromEnumerable(rows, NamedTokens.Schema());
}
