using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Contrastive;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;

namespace MLNetExt.Tests.Contrastive;

/// <summary>Which pairs count, which rows cannot be used, and what is said of them.</summary>
[TestClass]
public sealed class ContrastiveDataTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    public ContrastiveDataTests() => _ml.Log += (_, e) => _log.Add(e.Message);

    [TestMethod]
    public void Unusable_rows_are_left_out_with_a_count_and_the_first_reasons()
    {
        PairRow[] rows = PairRow.Many(40);
        (rows[3].LeftText, rows[7].RightText) = ("", " ");
        IDataView data = _ml.Data.LoadFromEnumerable(rows), without = _ml.Data.LoadFromEnumerable(rows.Where((_, i) => i is not (3 or 7)));
        using ContrastiveTransformer model = Pairs.Fit(_ml, data, Texts);
        using ContrastiveTransformer expected = Pairs.Fit(_ml, without, Texts);

        Assert.ContainsSingle(m => m.Contains("2 rows of the training data have nothing on one side", StringComparison.Ordinal) && m.Contains("row 3: column 'LeftText' is empty", StringComparison.Ordinal), _log);
        Table.AreEqual(Pairs.Column(expected, without, "LeftEmbedding"), Pairs.Column(model, without, "LeftEmbedding"), 0, "rows left out still teach");

        static void Texts(SigmoidContrastiveOptions o)
        {
            (o.LeftColumnName, o.RightColumnName, o.UnusableRows) = ("LeftText", "RightText", UnusableRowPolicy.Skip);
            (o.Left.HashBits, o.Right.HashBits) = (10, 10);
        }
    }

    [TestMethod]
    public void The_last_batch_may_have_one_row()
    {
        using ContrastiveTransformer model = Pairs.Fit(_ml, Pairs.Data(_ml, rows: 33));
        Assert.HasCount(33, Pairs.Column(model, Pairs.Data(_ml, rows: 33), "LeftEmbedding").Rows);
    }

    [TestMethod]
    [DataRow(1, "single row")]
    [DataRow(0, "no rows")]
    public void Too_few_rows_are_refused(int rows, string message) => Assert.Contains(
        message, Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, _ml.Data.LoadFromEnumerable(PairRow.Many(rows)))).Message);

    [TestMethod]
    public void Batches_of_one_row_are_refused() => Assert.Contains(
        "BatchSize must be at least 2", Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, Pairs.Data(_ml), o => o.BatchSize = 1)).Message);

    [TestMethod]
    public void Dimensions_that_differ_are_named() => Assert.Contains(
        "column 'Right' of 4 slots on as it is, but EmbeddingSize is 8",
        Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, Pairs.Data(_ml), o => o.Right.Kind = TowerKind.Identity)).Message);

    [TestMethod]
    public void Vectors_that_pass_through_must_point_somewhere()
    {
        PairRow[] rows = PairRow.Many(20);
        rows[6].Right = new float[PairRow.RightWidth];
        Refused("'Right' is a vector of zeros, which has no direction in row 6");
        rows[6].Right = [1, float.NaN, 0, 0];
        Refused("'Right' has a value that is not a finite number (slot 1) in row 6");
        rows[6].Right = [1, 2, 0, 0];
        using ContrastiveTransformer model = Fit();
        object[] through = (object[])Pairs.Column(model, _ml.Data.LoadFromEnumerable(rows), "RightEmbedding").Rows[6][0];
        Assert.AreEqual(1 / Math.Sqrt(5), (float)through[0], 1e-6);
        Assert.AreEqual(2 / Math.Sqrt(5), (float)through[1], 1e-6);

        ContrastiveTransformer Fit() => Pairs.Fit(_ml, _ml.Data.LoadFromEnumerable(rows), o => (o.Right.Kind, o.EmbeddingSize) = (TowerKind.Identity, PairRow.RightWidth));
        void Refused(string message) => Assert.Contains(message, Assert.ThrowsExactly<InvalidDataException>(Fit).Message);
    }

    [TestMethod]
    public void A_kind_that_cannot_read_the_column_is_named() => Assert.Contains(
        "Left.Kind is ResNet, which cannot read column 'Left' (vector): use Mlp, Linear, Identity, Custom or Auto",
        Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, Pairs.Data(_ml), o => o.Left.Kind = TowerKind.ResNet)).Message);

    [TestMethod]
    public void A_column_paired_with_itself_is_refused() => Assert.Contains(
        "CopyColumns", Assert.Throws<ArgumentException>(() => Pairs.Options(o => o.RightColumnName = "Left").Validate()).Message);

    [TestMethod]
    public void Gradient_accumulation_is_warned_of()
    {
        Pairs.Fit(_ml, Pairs.Data(_ml), o => o.Training.GradientAccumulationSteps = 2).Dispose();
        Assert.ContainsSingle(m => m.Contains("MicroBatchSize", StringComparison.Ordinal), _log);
    }

    [TestMethod]
    public void A_token_column_of_another_tokenizer_is_refused()
    {
        IDataView data = Pairs.Data(_ml);
        IDataView Tokenized(int vocabulary) => _ml.Transforms.Text.TokenizeBytePairs("Tokens", "LeftText", vocabularySize: vocabulary).Fit(data).Transform(data);
        IDataView tokenized = Tokenized(280);
        using ContrastiveTransformer model = Pairs.Fit(_ml, tokenized, o =>
        {
            o.LeftColumnName = "Tokens";
            (o.Left.Heads, o.Left.Depth) = (2, 1);
        });
        Assert.HasCount(60, Pairs.Column(model.Left, tokenized, "LeftEmbedding").Rows);
        Assert.Contains("tokenizer", Assert.Throws<ArgumentException>(() => model.Transform(Tokenized(300))).Message);
    }

    [TestMethod]
    public void Tokens_without_a_tokenizer_are_refused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Numbered { Ids = [i, i + 1], Right = [i, 1] }));
        Assert.Contains("TokenizeBytePairs", Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, data, o => o.LeftColumnName = "Ids")).Message);
    }

    [TestMethod]
    [DataRow(280)]
    [DataRow(-1)]
    [DataRow(int.MaxValue)]
    public void A_token_outside_the_vocabulary_is_named_with_its_row(int id)
    {
        IDataView Tokens(int wrong) => Annotated(Tokenizer() with { VocabularySize = 280 }, row => row == 13 ? [3, wrong, 4] : [3, 4, row]);
        void Change(SigmoidContrastiveOptions o) => (o.LeftColumnName, o.Left.Heads, o.Left.Depth, o.UnusableRows) = ("Tokens", 2, 1, UnusableRowPolicy.Skip);
        Assert.Contains(
            $"Column 'Tokens' has the token id {id} in row 13, but its tokenizer has 280 tokens, 0 to 279",
            Assert.ThrowsExactly<InvalidDataException>(() => Pairs.Fit(_ml, Tokens(id), Change)).Message);

        using ContrastiveTransformer model = Pairs.Fit(_ml, Tokens(5), Change);
        Assert.Contains(
            $"Column 'Tokens' holds the token id {id} in row 13 of the block",
            Assert.Throws<Exception>(() => Pairs.Column(model.Left, Tokens(id), "LeftEmbedding")).GetBaseException().Message);
    }

    [TestMethod]
    public void A_tokenizer_that_the_column_describes_wrongly_is_refused()
    {
        TokenColumnInfo right = Tokenizer();
        foreach (TokenColumnInfo wrong in new[]
        {
            right with { Fingerprint = TokenColumnInfo.FingerprintOf("another") },
            right with { TokenizerJson = right.TokenizerJson + " " },
            right with { SpecialTokens = new Dictionary<string, int> { ["pad"] = right.VocabularySize } },
            right with { VocabularySize = 0 },
        })
        {
            IDataView data = Annotated(wrong, row => [3, 4, row]);
            Assert.Contains("describes its tokenizer wrongly", Assert.Throws<ArgumentException>(() => Pairs.Fit(_ml, data, o => o.LeftColumnName = "Tokens")).Message);
        }
    }

    [TestMethod]
    [DataRow(PairMatching.EqualRight)]
    [DataRow(PairMatching.Group)]
    public void Rows_with_the_same_right_side_match_each_other(PairMatching matching)
    {
        // Two answers for forty questions: as strangers to each other, equal answers would push their own questions away.
        Question[] questions = [.. PairRow.Many(40).Select((r, i) => new Question { Left = r.Left, Right = i % 2 == 0 ? [1, 0] : [0, 1], Answer = i % 2 == 0 ? "yes" : "no" })];
        IDataView rows = _ml.Data.LoadFromEnumerable(questions);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Key", "Answer").Fit(rows).Transform(rows);
        double Loss(PairMatching by)
        {
            double loss = double.NaN;
            Pairs.Fit(_ml, data, o =>
            {
                (o.Matching, o.GroupColumnName, o.BatchSize) = (by, "Key", 40);
                o.Training.Epochs = 1;
                o.Training.Progress = new Reporter(p => loss = p.EpochLoss ?? loss);
            }).Dispose();
            return loss;
        }

        // At the start each positive costs about -b = 10 and each negative nothing: 20 positives a row, or 1.
        Assert.IsGreaterThan(10 * Loss(PairMatching.OwnRow), Loss(matching));
    }

    [TestMethod]
    public void Vectors_that_are_not_finite_score_NaN_and_alone()
    {
        PairRow[] rows = PairRow.Many(20);
        using ContrastiveTransformer model = Pairs.Fit(_ml, _ml.Data.LoadFromEnumerable(PairRow.Many(20)));
        Table expected = Pairs.Column(model, _ml.Data.LoadFromEnumerable(PairRow.Many(20)), "LeftEmbedding");
        rows[4].Left[1] = float.NaN;
        Table actual = Pairs.Column(model, _ml.Data.LoadFromEnumerable(rows), "LeftEmbedding");
        for (int i = 0; i < rows.Length; i++)
        {
            if (i == 4)
                Assert.IsTrue(((object[])actual.Rows[i][0]).All(v => float.IsNaN((float)v)));
            else
                CollectionAssert.AreEqual((object[])expected.Rows[i][0], (object[])actual.Rows[i][0], $"row {i}");
        }
    }

    private TokenColumnInfo Tokenizer()
    {
        IDataView data = Pairs.Data(_ml);
        return _ml.Transforms.Text.TokenizeBytePairs("Tokens", "LeftText", vocabularySize: 280).Fit(data).Tokenizer.ColumnInfo;
    }

    /// <summary>Twenty rows of tokens that name a tokenizer, and a right side.</summary>
    private IDataView Annotated(TokenColumnInfo tokenizer, Func<int, int[]> tokens)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Tokenized));
        var annotations = new DataViewSchema.Annotations.Builder();
        tokenizer.AddTo(annotations);
        DataViewSchema.Annotations all = annotations.ToAnnotations();
        Add<int>(NumberDataViewType.Int32);
        Add<ReadOnlyMemory<char>>(TextDataViewType.Instance);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Tokenized { Tokens = tokens(i), Right = [i, 1] }), schema);

        void Add<T>(DataViewType type)
        {
            foreach (DataViewSchema.Column annotation in all.Schema.Where(a => a.Type.Equals(type)))
            {
                T value = default!;
                all.GetValue(annotation.Name, ref value);
                schema["Tokens"].AddAnnotation(annotation.Name, value, type);
            }
        }
    }

    private sealed class Tokenized
    {
        public int[] Tokens { get; set; } = [];

        [VectorType(2)]
        public float[] Right { get; set; } = [];
    }

    private sealed class Numbered
    {
        [VectorType(2)]
        public int[] Ids { get; set; } = [];

        [VectorType(2)]
        public float[] Right { get; set; } = [];
    }

    private sealed class Question
    {
        [VectorType(PairRow.LeftWidth)]
        public float[] Left { get; set; } = [];

        [VectorType(2)]
        public float[] Right { get; set; } = [];

        public string Answer { get; set; } = "";
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
