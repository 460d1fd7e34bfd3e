using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Components;
using static MLNetExt.Tests.Classification.TextClassifierData;

namespace MLNetExt.Tests.Classification;

/// <summary>What a text classifier does not take, and what it says of it.</summary>
[TestClass]
public sealed class TextEncoderClassifierRefusalTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Options_that_cannot_be_used_are_named()
    {
        void Refused<T>(string part, Action<TextEncoderClassifierOptions> change)
            where T : Exception => Assert.Contains(part, Assert.ThrowsExactly<T>(() => Fit(_ml, change)).Message);

        Refused<ArgumentException>("IsFrozen needs Pretrained", o => o.IsFrozen = true);
        Refused<ArgumentException>("Dropout is for a model to go on from", o => o.Dropout = 0.1);
        Refused<ArgumentException>("'Tokens' is named twice", o => o.LabelColumnName = "Tokens");
        Refused<ArgumentException>("'Weight' is named twice", o => (o.TokenTypesColumnName, o.ExampleWeightColumnName) = ("Weight", "Weight"));
        Refused<ArgumentException>("'Label' is named twice", o => o.AdditionalLabelColumnNames = ["Label"]);
        Refused<ArgumentOutOfRangeException>("AdditionalLabelColumnNames", o => o.AdditionalLabelColumnNames = [""]);
        Refused<ArgumentException>("'dog'", o => o.ClassWeights = new() { ["dog"] = 2 });
        Refused<ArgumentOutOfRangeException>("HeadDropout", o => o.HeadDropout = 1);
        Refused<ArgumentOutOfRangeException>("SquareWeight", o => o.SquareWeight = -1);
        Refused<ArgumentOutOfRangeException>("EncoderLearningRateFactor", o => o.EncoderLearningRateFactor = 0);
        Refused<ArgumentOutOfRangeException>("LayerLearningRateDecay", o => o.LayerLearningRateDecay = 1.1);
        Refused<ArgumentOutOfRangeException>("ScoringBlockSize", o => o.ScoringBlockSize = 65537);
        Refused<ArgumentOutOfRangeException>("MissingLabels", o => o.MissingLabels = (MissingLabelPolicy)7);
        Refused<ArgumentOutOfRangeException>("Training", o => o.Training = null!);
        MaskedLanguageModelTransformer disposed = Encoder(_ml);
        disposed.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Fit(_ml, o => o.Pretrained = disposed));
    }

    [TestMethod]
    public void Rows_that_the_encoder_cannot_read_are_named_in_training_and_scoring()
    {
        using TextEncoderClassifierTransformer model = Fit(_ml);
        ClassifiedText[] rows = ClassifiedText.Many(12);
        rows[7].Sentence = new string('a', 17);
        foreach (Action act in new Action[] { () => Fit(_ml, rows: rows), () => _ = model.Transform(View(_ml, rows)).GetColumn<float[]>("Score").ToArray() })
        {
            var error = Assert.ThrowsExactly<InvalidDataException>(act);
            Assert.Contains("'Tokens' has 17 tokens in row 7", error.Message);
        }
    }

    [TestMethod]
    public void Ids_and_kinds_that_the_encoder_does_not_know_are_named()
    {
        void Refused(string part, Action<IdRow> breaks)
        {
            IdRow[] rows = [.. Enumerable.Range(0, 12).Select(i => new IdRow { Label = (uint)(i % 2), Tokens = [1, 5 + i, 2], Types = [0, 0, 1] })];
            breaks(rows[3]);
            TokenColumnInfo tokens = TokenAnnotations.Of(View(_ml, ClassifiedText.Many(3)).Schema["Tokens"])!;
            SchemaDefinition schema = SchemaDefinition.Create(typeof(IdRow));
            tokens.AddTo(schema["Tokens"]);
            IDataView data = _ml.Data.LoadFromEnumerable(rows, schema);
            var error = Assert.ThrowsExactly<InvalidDataException>(
                () => _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o => o.TokenTypesColumnName = "Types")).Fit(data));
            Assert.Contains(part, error.Message);
            Assert.Contains("row 3", error.Message);
        }

        Refused("'Tokens' has the id 261", row => row.Tokens[1] = 261);
        Refused("'Tokens' has the id -1", row => row.Tokens[1] = -1);
        Refused("'Types' has 2 kinds", row => row.Types = [0, 0]);
        Refused("'Types' has the kind 2", row => row.Types[2] = 2);
    }

    [TestMethod]
    public void Tokens_of_another_tokenizer_are_refused()
    {
        using MaskedLanguageModelTransformer encoder = Encoder(_ml);
        using TextEncoderClassifierTransformer model = Fit(_ml);
        IDataView texts = _ml.Data.LoadFromEnumerable(ClassifiedText.Many(48));
        IDataView other = _ml.Transforms.Conversion.MapValueToKey("Label", "Class").Append(_ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 60)).Fit(texts).Transform(texts);
        Action[] acts =
        [
            () => _ml.MulticlassClassification.Trainers.TextEncoderClassifier(pretrained: encoder).Fit(other),
            () => _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o => o.ValidationData = other)).Fit(View(_ml, ClassifiedText.Many(48))),
            () => model.Transform(other),
        ];
        foreach (Action act in acts)
            Assert.Contains("tokenizer", Assert.ThrowsExactly<ArgumentException>(act).Message);
    }

    [TestMethod]
    public void Empty_texts_are_left_out_with_a_warning_and_score_NaN()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.Message}");
        ClassifiedText[] rows = ClassifiedText.Many(48), without = [.. rows.Where((_, i) => i is not (4 or 9))];
        (rows[4].Sentence, rows[9].Sentence) = ("", "");
        using TextEncoderClassifierTransformer model = Fit(_ml, rows: rows), expected = Fit(_ml, rows: without);
        Assert.ContainsSingle(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("2 rows of the training data have no token but special ones in column 'Tokens'", StringComparison.Ordinal), messages);
        Assert.AreEqual(0f, Distance(model, expected));

        IDataView scored = model.Transform(View(_ml, rows));
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        uint[] keys = [.. scored.GetColumn<uint>("PredictedLabel")];
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.IsTrue(scores[i].All(i is 4 or 9 ? float.IsNaN : float.IsFinite), $"row {i}");
            Assert.AreEqual(i is 4 or 9, keys[i] == 0, $"row {i}");
        }

        Assert.Contains("no rows", Assert.ThrowsExactly<ArgumentException>(() => Fit(_ml, rows: rows.Where(r => r.Sentence.Length == 0))).Message);
    }

    [TestMethod]
    public void Special_tokens_alone_are_empty_and_unknown_words_are_not()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(ClassifiedText.Many(48));
        var prepare = _ml.Transforms.Conversion.MapValueToKey("Label", "Class").Append(_ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 60)).Fit(texts);
        using TextEncoderClassifierTransformer model = _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick()).Fit(prepare.Transform(texts));
        ClassifiedText[] rows = [new() { Sentence = "" }, new() { Sentence = "\u4e2d" }, new() { Sentence = "abc" }];
        IDataView scored = model.Transform(prepare.Transform(_ml.Data.LoadFromEnumerable(rows)));
        CollectionAssert.AreEqual(new[] { true, false, false }, scored.GetColumn<float[]>("Score").Select(s => float.IsNaN(s[0])).ToArray());
        Assert.IsTrue(scored.GetColumn<float[]>("Embedding").SelectMany(e => e).All(float.IsFinite), "an embedding of [CLS] and [SEP] there is");
    }

    [TestMethod]
    public void Validation_data_that_cannot_be_used_are_not_called_too_small_a_fraction()
    {
        IDataView Unlabelled() => View(_ml, ClassifiedText.Many(6).Select(row => new ClassifiedText { Sentence = row.Sentence }));
        Assert.Contains("The validation data has no rows that can be used", Assert.ThrowsExactly<ArgumentException>(() => Fit(_ml, o => o.ValidationData = Unlabelled())).Message);
        Assert.Contains("raise ValidationFraction", Assert.ThrowsExactly<ArgumentException>(() => Fit(_ml, o => o.ValidationFraction = 1e-9)).Message);
    }

    [TestMethod]
    public void A_fraction_that_takes_all_rows_is_named() =>
        Assert.Contains("are set aside for validation", Assert.ThrowsExactly<ArgumentException>(() => Fit(_ml, o => o.ValidationFraction = 1 - 1e-9)).Message);

    [TestMethod]
    public void A_label_that_cannot_be_calibrated_is_warned_of()
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.Message}");
        IDataView validation = View(_ml, ClassifiedText.Many(12).Select(row => new ClassifiedText { Sentence = row.Sentence, Class = row.Class }));
        using TextEncoderClassifierTransformer model = Fit(_ml, o => (o.AdditionalLabelColumnNames, o.TemperatureScaling, o.ValidationData) = (["TopicKey"], true, validation));
        Assert.AreNotEqual(1, model.Temperature);
        Assert.ContainsSingle(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("No row of the validation part has a label in column 'TopicKey'", StringComparison.Ordinal), messages);
    }

    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 0)]
    public void Pairs_read_without_their_kinds_are_warned_of(bool kinds, int warnings)
    {
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.Message}");
        IDataView texts = _ml.Data.LoadFromEnumerable(ClassifiedText.Many(48));
        IDataView pairs = _ml.Transforms.Conversion.MapValueToKey("Label", "Class")
            .Append(_ml.Transforms.Text.TokenizeWordPieces(new() { InputColumnName = "Sentence", SecondInputColumnName = "Second", VocabularySize = 60, MaxTokens = 16 })).Fit(texts).Transform(texts);
        _ml.MulticlassClassification.Trainers.TextEncoderClassifier(Quick(o => o.TokenTypesColumnName = kinds ? "TokenTypes" : null)).Fit(pairs).Dispose();
        Assert.AreEqual(warnings, messages.Count(m => m.StartsWith("Warning", StringComparison.Ordinal) && m.Contains("48 rows of the training data are pairs of texts in column 'Tokens'", StringComparison.Ordinal)), string.Join('\n', messages));
    }

    [TestMethod]
    public void Damaged_models_are_refused_and_leave_no_tensor()
    {
        using TextEncoderClassifierTransformer model = Fit(_ml);
        ModelZip zip = DamagedModel.Save(model, View(_ml, ClassifiedText.Many(3)).Schema);
        ((IDisposable)DamagedModel.Load(zip)).Dispose();
        (string Member, string[] Values)[] head =
        [
            ("labelColumn", ["null", "\"\"", "7"]),
            ("classCount", ["0", "1", "2", "4", "2147483647", "null"]),
            ("labels", ["""{ "itemType": "String", "texts": ["a", "b"] }"""]),
            ("temperature", ["0", "-1", "\"NaN\"", "\"Infinity\""]),
        ];
        foreach ((string member, string[] values) in head)
        {
            foreach (string value in values)
                DamagedModel.Refused(zip.EditHeader(h => h["state"]!["heads"]![0]![member] = JsonNode.Parse(value)), "", $"{member} {value}");
        }

        foreach (string value in (string[])["null", "7", "[]", "[null]", "{}"])
        {
            DamagedModel.Refused(zip.EditHeader(h => h["state"]!["heads"] = JsonNode.Parse(value)), "", $"heads {value}");
            DamagedModel.Refused(zip.EditHeader(h => h["state"]!["encoder"] = JsonNode.Parse(value)), "", $"encoder {value}");
        }

        DamagedModel.Refused(zip.EditHeader(h => h["state"]!["encoder"]!["tokens"] = null), "Encoder", "no tokenizer");
    }

    private sealed class IdRow
    {
        [KeyType(2)]
        public uint Label { get; set; }

        public int[] Tokens { get; set; } = [];

        public int[] Types { get; set; } = [];
    }
}
