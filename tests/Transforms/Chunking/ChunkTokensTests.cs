using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Chunking;
using MLNetExt.Columns;
using MLNetExt.Tests.Columns;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Contract;
using MLNetExt.Tests.Tokenization;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Chunking;

[TestClass]
public sealed class ChunkTokensTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Packed_rows_are_full_overlap_by_one_id_and_know_their_documents()
    {
        IDataView rows = Cut(new() { Length = 4, Packed = true, AlignedColumnNames = ["LossMask", "Flags"] }, DocumentRow.OfLengths(3, 0, 6, 1, 2));
        // 12 ids in a row: 0 to 11.
        AreEqual([[0, 1, 2, 3, 4], [4, 5, 6, 7, 8], [8, 9, 10, 11]], rows.GetColumn<int[]>("Tokens"));
        AreEqual([[0, 0, 0, 2, 2], [2, 2, 2, 2, 2], [2, 3, 4, 4]], rows.GetColumn<int[]>("Document"));
        AreEqual([[0.5f, 1.5f, 2.5f, 3.5f, 4.5f], [4.5f, 5.5f, 6.5f, 7.5f, 8.5f], [8.5f, 9.5f, 10.5f, 11.5f]], rows.GetColumn<float[]>("LossMask"));
        AreEqual([[true, false, false, true, false], [false, false, true, false, false], [false, true, false, false]], rows.GetColumn<bool[]>("Flags"));
        Assert.IsNull(rows.GetRowCount());
        CollectionAssert.AreEqual(new[] { "Tokens", "LossMask", "Flags", "Document" }, rows.Schema.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void Rows_of_one_document_end_with_it_and_carry_its_columns()
    {
        IDataView rows = Cut(new() { Length = 2, AlignedColumnNames = ["LossMask"], CarriedColumnNames = ["Title"] }, DocumentRow.OfLengths(5, 0, 1, 2, 4));
        AreEqual([[0, 1, 2], [2, 3, 4], [6, 7], [8, 9, 10], [10, 11]], rows.GetColumn<int[]>("Tokens"));
        AreEqual([[0.5f, 1.5f, 2.5f], [2.5f, 3.5f, 4.5f], [6.5f, 7.5f], [8.5f, 9.5f, 10.5f], [10.5f, 11.5f]], rows.GetColumn<float[]>("LossMask"));
        CollectionAssert.AreEqual(new[] { "Document 0", "Document 0", "Document 3", "Document 4", "Document 4" }, rows.GetColumn<string>("Title").ToArray());
        CollectionAssert.AreEqual(new[] { 0, 0, 3, 4, 4 }, rows.GetColumn<int>("Document").ToArray());
    }

    [TestMethod]
    public void Separators_stand_behind_documents_and_count_as_learned()
    {
        IDataView rows = Cut(new() { Length = 3, Packed = true, SeparatorId = 99, AlignedColumnNames = ["LossMask", "Flags"] }, DocumentRow.OfLengths(2, 0, 3));
        AreEqual([[0, 1, 99, 2], [2, 3, 4, 99]], rows.GetColumn<int[]>("Tokens"));
        AreEqual([[0.5f, 1.5f, 1, 2.5f], [2.5f, 3.5f, 4.5f, 1]], rows.GetColumn<float[]>("LossMask"));
        AreEqual([[true, false, false, false], [false, true, false, false]], rows.GetColumn<bool[]>("Flags"));
        AreEqual([[0, 0, 0, 2], [2, 2, 2, 2]], rows.GetColumn<int[]>("Document"));
    }

    [TestMethod]
    public void Short_rows_are_left_out_when_asked_for()
    {
        DocumentRow[] documents = DocumentRow.OfLengths(1, 5, 3);
        AreEqual([[0], [1, 2, 3], [3, 4, 5], [6, 7, 8]], Cut(new() { Length = 2, MinLength = 1 }, documents).GetColumn<int[]>("Tokens"));
        AreEqual([[1, 2, 3, 4], [6, 7, 8]], Cut(new() { Length = 3, MinLength = 3 }, documents).GetColumn<int[]>("Tokens"));
        AreEqual([[1, 2, 3, 4]], Cut(new() { Length = 3, MinLength = 4 }, documents).GetColumn<int[]>("Tokens"));
        AreEqual([[0, 1, 2, 3], [3, 4, 5, 6]], Cut(new() { Length = 3, MinLength = 4, Packed = true }, documents).GetColumn<int[]>("Tokens"));
    }

    [TestMethod]
    public void Every_token_but_the_first_is_a_target_once()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 60; trial++)
        {
            DocumentRow[] documents = DocumentRow.OfLengths([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(random.Next(2) == 0 ? 4 : 900))]);
            int length = random.Next(1, 40);
            int[] packed = [.. Cut(new() { Length = length, Packed = true }, documents).GetColumn<int[]>("Tokens").SelectMany(row => row.Skip(1))];
            CollectionAssert.AreEqual(documents.SelectMany(d => d.Tokens).Skip(1).ToArray(), packed, $"packed, length {length}");
            int[] single = [.. Cut(new() { Length = length }, documents).GetColumn<int[]>("Tokens").SelectMany(row => row.Skip(1))];
            CollectionAssert.AreEqual(documents.SelectMany(d => d.Tokens.Skip(1)).ToArray(), single, $"by document, length {length}");
        }
    }

    [TestMethod]
    public void Cursors_read_what_is_wanted_and_can_be_opened_again()
    {
        var source = new CountingDataView(_ml.Data.LoadFromEnumerable(DocumentRow.OfLengths(9, 4)));
        IDataView rows = _ml.Transforms.Text.ChunkTokens(new ChunkTokensOptions { Length = 3, AlignedColumnNames = ["LossMask", "Flags"], CarriedColumnNames = ["Title"] })
            .Fit(source).Transform(source);
        using (DataViewRowCursor none = rows.GetRowCursor([]))
        {
            int count = 0;
            while (none.MoveNext())
                count++;
            Assert.AreEqual(4, count);
            Assert.IsFalse(none.MoveNext());
        }
        CollectionAssert.AreEqual(new[] { "Tokens" }, source.ActiveColumns[^1]);
        Table first = Table.Read(rows, "Tokens", "Flags", "Title");
        CollectionAssert.AreEquivalent(new[] { "Tokens", "Flags", "Title" }, source.ActiveColumns[^1]);
        Table.AreEqual(first, Table.Read(rows, "Tokens", "Flags", "Title"), 0, "a second cursor");
        Assert.AreEqual(source.CursorsOpened, source.CursorsDisposed);

        using DataViewRowCursor cursor = rows.GetRowCursor([rows.Schema["Tokens"]]);
        ValueGetter<VBuffer<int>> getter = cursor.GetGetter<VBuffer<int>>(rows.Schema["Tokens"]);
        ValueGetter<DataViewRowId> idGetter = cursor.GetIdGetter();
        VBuffer<int> ids = default;
        Assert.Throws<InvalidOperationException>(() => getter(ref ids));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(rows.Schema["Title"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(rows.Schema["Tokens"]));
        var rowIds = new HashSet<DataViewRowId>();
        for (int i = 0; cursor.MoveNext(); i++)
        {
            DataViewRowId id = default;
            idGetter(ref id);
            Assert.AreEqual(i, cursor.Position);
            Assert.IsTrue(rowIds.Add(id));
        }
        Assert.HasCount(4, rowIds);
        Assert.Throws<InvalidOperationException>(() => getter(ref ids));
    }

    [TestMethod]
    public void Annotations_of_the_tokens_go_with_them()
    {
        IDataView text = _ml.Data.LoadFromEnumerable([new TextRow { Text = "the cats sat" }, new TextRow { Text = "" }]);
        var pipeline = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300).Append(_ml.Transforms.Text.ChunkTokens("Ids", "Tokens", length: 4))
            .Append(_ml.Transforms.Text.DecodeTokens("Again", "Ids"));
        ITransformer model = pipeline.Fit(text);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, text.Schema, stream);
        stream.Position = 0;
        IDataView rows = _ml.Model.Load(stream, out _).Transform(text);
        DataViewSchema.Column tokens = ((TransformerChain<TokenDecodingTransformer>)model).First().Transform(text).Schema["Tokens"];
        TokenAnnotations.RequireSame(rows.Schema["Ids"], TokenAnnotations.Of(tokens)!.Fingerprint);
        string again = string.Concat(rows.GetColumn<string>("Again"));
        Assert.StartsWith("the c", again);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300)
            .Append(_ml.Transforms.Text.ChunkTokens(new ChunkTokensOptions { Packed = true, SeparatorId = 300 })).Fit(text)).Message, "SeparatorId");
    }

    [TestMethod]
    public void Bad_rows_are_named()
    {
        DocumentRow[] documents = DocumentRow.OfLengths(3, 4);
        documents[1].LossMask = [1, 0, 1];
        var options = new ChunkTokensOptions { AlignedColumnNames = ["LossMask", "Flags"] };
        string message = Assert.Throws<InvalidDataException>(() => Cut(options, documents).GetColumn<float[]>("LossMask").ToArray()).Message;
        StringAssert.Contains(message, "Row 1 has 4 tokens in column 'Tokens' and 3 values in column 'LossMask'");
        Assert.HasCount(2, Cut(options, documents).GetColumn<bool[]>("Flags"));
        documents[1].Tokens[2] = -7;
        StringAssert.Contains(Assert.Throws<InvalidDataException>(() => Cut(new(), documents).GetColumn<int[]>("Tokens").ToArray()).Message, "Row 1 of column 'Tokens' holds the token id -7 at place 2");
    }

    [TestMethod]
    public void Wrong_options_and_columns_are_named()
    {
        (ChunkTokensOptions Options, string Part)[] wrong =
        [
            (new() { Length = 0 }, "Length must be at least 1"),
            (new() { MinLength = 0 }, "MinLength must be from 1 to 257"),
            (new() { Length = 4, MinLength = 6 }, "MinLength must be from 1 to 5"),
            (new() { SeparatorId = 3 }, "SeparatorId"),
            (new() { SeparatorId = -1, Packed = true }, "SeparatorId"),
            (new() { CarriedColumnNames = ["Title"], Packed = true }, "CarriedColumnNames"),
            (new() { AlignedColumnNames = ["Document"] }, "two columns 'Document'"),
            (new() { AlignedColumnNames = ["LossMask", "LossMask"] }, "two columns 'LossMask'"),
            (new() { AlignedColumnNames = [""] }, "empty"),
            (new() { AlignedColumnNames = null! }, "AlignedColumnNames"),
            (new() { OutputColumnName = null! }, "empty"),
        ];
        foreach ((ChunkTokensOptions options, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.ChunkTokens(options), part).Message, part);
        IDataView data = _ml.Data.LoadFromEnumerable(DocumentRow.OfLengths(3));
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.ChunkTokens(new ChunkTokensOptions { AlignedColumnNames = ["Title"] }).Fit(data)).Message, "'Title'");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.ChunkTokens(new ChunkTokensOptions { CarriedColumnNames = ["Author"] }).Fit(data)).Message, "'Author'");
    }

    [TestMethod]
    public void Data_without_tokens_give_no_rows_and_damaged_models_are_refused()
    {
        Assert.IsEmpty(Cut(new(), []).GetColumn<int[]>("Tokens"));
        Assert.IsEmpty(Cut(new() { Packed = true, SeparatorId = 1 }, DocumentRow.OfLengths(0, 0)).GetColumn<int[]>("Tokens"));
        IDataView data = _ml.Data.LoadFromEnumerable(DocumentRow.OfLengths(3));
        ChunkTokensTransformer model = _ml.Transforms.Text.ChunkTokens("Tokens").Fit(data);
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => model.GetRowToRowMapper(data.Schema)).Message, "prediction engine");
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        using var damaged = new MemoryStream(ModelZip.Read(stream.ToArray()).EditHeader(header => header["state"]!["length"] = 0).ToBytes());
        StringAssert.Contains(Assert.Throws<Exception>(() => _ml.Model.Load(damaged, out _)).GetBaseException().Message, "Length must be at least 1");
    }

    private IDataView Cut(ChunkTokensOptions options, DocumentRow[] documents)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(documents);
        return _ml.Transforms.Text.ChunkTokens(options).Fit(data).Transform(data);
    }

    private static void AreEqual<T>(T[][] expected, IEnumerable<T[]> actual)
    {
        T[][] rows = [.. actual];
        Assert.HasCount(expected.Length, rows);
        for (int row = 0; row < rows.Length; row++)
            CollectionAssert.AreEqual(expected[row], rows[row], $"row {row}: {string.Join(' ', rows[row])}");
    }
}
