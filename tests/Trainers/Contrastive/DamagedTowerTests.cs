using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Columns;
using MLNetExt.Contrastive;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Components;
using static MLNetExt.Tests.DamagedModel;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Contrastive;

/// <summary>Two towers, one tower and a zero-shot classifier whose file was damaged or made up are refused, and leave no tensor behind.</summary>
[TestClass]
public sealed class DamagedTowerTests
{
    private const string VectorsAndText = "vectors and text", ImagesAndTokens = "images and tokens", NetworkAndSparse = "a user's network and sparse vectors";
    private static readonly Dictionary<string, Lazy<(ModelZip Both, ModelZip Right)>> s_saved = new()
    {
        [VectorsAndText] = new(() => Save("Left", "LeftText", o => o.Right.HashBits = 10)),
        [ImagesAndTokens] = new(() => Save("Image", "Tokens", o =>
        {
            (o.Left.Kind, o.Left.PatchSize, o.Left.Heads, o.Left.Depth) = (TowerKind.VisionTransformer, 4, 2, 1);
            (o.Right.MaxTokens, o.Right.Heads, o.Right.Depth) = (9, 2, 1);
        })),
        [NetworkAndSparse] = new(() => Save("Left", "Sparse", o => (o.Left.Kind, o.Left.Network) = (TowerKind.Custom, new UserNetwork()))),
    };

    private static readonly Lazy<ModelZip> s_zeroShot = new(SaveZeroShot);

    public static IEnumerable<object[]> Models => s_saved.Keys.Select(model => new object[] { model });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void What_was_saved_can_be_loaded(string model)
    {
        foreach (ModelZip zip in new[] { s_saved[model].Value.Both, s_saved[model].Value.Right, s_zeroShot.Value })
            ((IDisposable)Load(zip)).Dispose();
    }

    /// <summary>Models from before there were encoder towers do not have what those have.</summary>
    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Towers_without_the_members_of_encoders_can_be_loaded(string model)
    {
        void Strip(JsonNode tower)
        {
            tower.AsObject().Remove("encoder");
            tower.AsObject().Remove("pooling");
        }

        ((IDisposable)Load(s_saved[model].Value.Right.EditHeader(h => Strip(h["state"]!)))).Dispose();
        ((IDisposable)Load(Both(model).EditHeader(h =>
        {
            Strip(h["state"]!["left"]!);
            Strip(h["state"]!["right"]!);
        }))).Dispose();
    }

    /// <summary>What no tower can have.</summary>
    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Members_of_a_tower_out_of_range(string model)
    {
        (string Member, string[] Values)[] damage =
        [
            ("column", ["\"\"", "null", "7"]),
            ("outputColumn", ["\"\"", "null"]),
            ("input", ["\"Key\"", "\"Scalar\"", "\"Sound\"", "0", "null"]),
            ("kind", ["\"Auto\"", "\"Transformer\"", "3", "null"]),
            ("embeddingSize", ["0", "-1", "7", "9", "2147483647", "8.5", "\"eight\""]),
            ("inputWidth", ["0", "-1", "5000", "2147483647"]),
            ("imageHeight", ["-1", "1", "2147483647"]),
            ("imageWidth", ["-1", "1", "2147483647"]),
            ("tokens", ["7", "{}", """{ "vocabularySize": 300, "specialTokens": {}, "tokenizerJson": "{}", "fingerprint": "no" }"""]),
            ("width", ["0", "-1"]),
            ("depth", ["0", "-1", "1025", "2147483647"]),
            ("heads", ["0", "-1"]),
            ("patchSize", ["0", "-1"]),
            ("maxTokens", ["0", "-1"]),
            ("hashBits", ["7", "25", "2147483647"]),
            ("dropout", ["1", "-0.1", "\"NaN\"", "\"Infinity\"", "null"]),
            ("flipImages", ["1", "null"]),
            ("shiftPixels", ["-1"]),
            ("scoringBlockSize", ["0", "-1", "2147483647"]),
            ("unusableRows", ["\"Guess\"", "0"]),
            ("network", ["7", "{}", """{ "component": "MLNetExt.Contrastive", "assembly": "MLNetExt.Trainers", "state": {} }"""]),
            ("isSparse", ["1", "null"]),
            ("isFast", ["true"]),
        ];
        foreach ((string member, string[] values) in damage)
        {
            foreach (string value in values)
            {
                foreach (string side in new[] { "left", "right" })
                    Refused(Both(model).EditHeader(h => h["state"]![side]![member] = JsonNode.Parse(value)), "", $"{side}.{member} {value}");
                Refused(s_saved[model].Value.Right.EditHeader(h => h["state"]![member] = JsonNode.Parse(value)), "", $"{member} {value}");
            }
        }

        foreach (string member in Header(Both(model))["left"]!.AsObject().Select(m => m.Key).ToArray())
            Refused(Both(model).EditHeader(h => h["state"]!["left"]!.AsObject().Remove(member)), "", $"no left.{member}");
    }

    /// <summary>What this tower cannot have, though others can.</summary>
    [TestMethod]
    [DataRow(VectorsAndText, "left", "inputWidth", "7")]
    [DataRow(VectorsAndText, "left", "kind", "\"Linear\"")]
    [DataRow(VectorsAndText, "left", "kind", "\"Custom\"")]
    [DataRow(VectorsAndText, "left", "input", "\"Text\"")]
    [DataRow(VectorsAndText, "left", "width", "17")]
    [DataRow(VectorsAndText, "left", "width", "2147483647")]
    [DataRow(VectorsAndText, "left", "depth", "2")]
    [DataRow(VectorsAndText, "left", "isSparse", "true")]
    [DataRow(VectorsAndText, "left", "network", "{ \"component\": \"MLNetExt.Tests.UserNetwork\", \"assembly\": \"MLNetExt.ChildProcess\", \"state\": {} }")]
    [DataRow(VectorsAndText, "right", "hashBits", "11")]
    [DataRow(VectorsAndText, "right", "width", "2147483647")]
    [DataRow(VectorsAndText, "right", "isSparse", "true")]
    [DataRow(ImagesAndTokens, "left", "kind", "\"ResNet\"")]
    [DataRow(ImagesAndTokens, "left", "imageHeight", "12")]
    [DataRow(ImagesAndTokens, "left", "imageHeight", "32767")]
    [DataRow(ImagesAndTokens, "left", "patchSize", "2")]
    [DataRow(ImagesAndTokens, "left", "patchSize", "3")]
    [DataRow(ImagesAndTokens, "left", "patchSize", "2147483647")]
    [DataRow(ImagesAndTokens, "left", "heads", "3")]
    [DataRow(ImagesAndTokens, "left", "heads", "2147483647")]
    [DataRow(ImagesAndTokens, "left", "width", "2147483647")]
    [DataRow(ImagesAndTokens, "left", "depth", "2")]
    [DataRow(ImagesAndTokens, "right", "tokens", "null")]
    [DataRow(ImagesAndTokens, "right", "maxTokens", "10")]
    [DataRow(ImagesAndTokens, "right", "maxTokens", "2147483647")]
    [DataRow(ImagesAndTokens, "right", "heads", "5")]
    [DataRow(ImagesAndTokens, "right", "kind", "\"HashingBag\"")]
    [DataRow(NetworkAndSparse, "left", "network", "null")]
    [DataRow(NetworkAndSparse, "left", "inputWidth", "7")]
    [DataRow(NetworkAndSparse, "left", "network", "{ \"component\": \"MLNetExt.Tests.UserNetwork\", \"assembly\": \"MLNetExt.ChildProcess\", \"state\": { \"hidden\": 13 } }")]
    [DataRow(NetworkAndSparse, "left", "network", "{ \"component\": \"MLNetExt.Tests.UserNetwork\", \"assembly\": \"MLNetExt.ChildProcess\", \"state\": { \"hidden\": -1 } }")]
    public void Members_that_do_not_fit_each_other_or_the_weights(string model, string side, string member, string json) =>
        Refused(Both(model).EditHeader(h => h["state"]![side]![member] = JsonNode.Parse(json)), "");

    [TestMethod]
    [DataRow("vocabularySize", "0")]
    [DataRow("vocabularySize", "281")]
    [DataRow("vocabularySize", "2147483647")]
    [DataRow("specialTokens", "{ \"pad\": 280 }")]
    [DataRow("specialTokens", "{ \"pad\": -1 }")]
    [DataRow("specialTokens", "null")]
    [DataRow("tokenizerJson", "\"{}\"")]
    [DataRow("tokenizerJson", "null")]
    [DataRow("fingerprint", "\"0123456789abcdef\"")]
    public void A_tokenizer_is_checked_when_the_model_is_loaded(string member, string json) =>
        Refused(Both(ImagesAndTokens).EditHeader(h => h["state"]!["right"]!["tokens"]![member] = JsonNode.Parse(json)), "");

    [TestMethod]
    [DataRow("loss", "\"Hinge\"")]
    [DataRow("loss", "1")]
    [DataRow("temperature", "0")]
    [DataRow("temperature", "-1")]
    [DataRow("temperature", "\"NaN\"")]
    [DataRow("temperature", "\"Infinity\"")]
    [DataRow("bias", "\"NaN\"")]
    [DataRow("bias", "\"-Infinity\"")]
    [DataRow("left", "null")]
    [DataRow("right", "null")]
    [DataRow("right", "{}")]
    [DataRow("middle", "{}")]
    public void What_the_towers_share_out_of_range(string member, string json) =>
        Refused(Both(VectorsAndText).EditHeader(h => h["state"]![member] = JsonNode.Parse(json)), "damaged");

    [TestMethod]
    public void Towers_that_are_no_pair()
    {
        Refused(Both(VectorsAndText).EditHeader(h => h["state"]!["right"]!["outputColumn"] = "LeftEmbedding"), "two columns");
        Refused(Both(VectorsAndText).EditHeader(h => h["state"]!["right"] = h["state"]!["left"]!.DeepClone()), "two columns");
    }

    [TestMethod]
    [DataRow("temperature", "0")]
    [DataRow("temperature", "\"NaN\"")]
    [DataRow("labelColumn", "null")]
    [DataRow("labels", "null")]
    [DataRow("labels", "{ \"itemType\": \"String\", \"texts\": [\"a\"] }")]
    [DataRow("labels", "{ \"itemType\": \"String\", \"texts\": [\"a\", \"b\"] }")]
    [DataRow("labels", "{ \"itemType\": \"String\", \"texts\": [\"a\", \"b\", \"a\"] }")]
    [DataRow("labels", "{ \"itemType\": \"String\", \"texts\": [\"a\", null, \"b\"] }")]
    [DataRow("labels", "{ \"itemType\": \"Single\", \"texts\": [\"1\", \"2\", \"3\"] }")]
    [DataRow("labels", "{ \"itemType\": \"Object\", \"texts\": [\"1\", \"2\", \"3\"] }")]
    [DataRow("tower", "null")]
    public void A_classifier_out_of_range(string member, string json) =>
        Refused(s_zeroShot.Value.EditHeader(h => h["state"]![member] = JsonNode.Parse(json)), "");

    [TestMethod]
    public void Weights_that_are_missing_cut_of_another_shape_or_too_many()
    {
        foreach (ModelZip zip in s_saved.Values.SelectMany(s => new[] { s.Value.Both, s.Value.Right }).Append(s_zeroShot.Value))
        {
            int at = zip.IndexOf(ModelZip.Weights);
            byte[] weights = zip.Entries[at].Content;
            ModelZip without = zip.Clone();
            without.Entries.RemoveAt(at);
            Refused(without, $"no '{ModelZip.Weights}'");
            foreach (int length in new[] { 0, 7, 100, weights.Length / 2, weights.Length - 1 })
                Refused(zip.Replace(at, weights[..length]), "");
            Refused(zip.Replace(at, [.. weights, 0]), "");
            foreach (string name in Names(weights))
            {
                Refused(zip.Replace(at, Change(weights, w => w.Remove(name))), "", $"without {name}");
                Refused(zip.Replace(at, Change(weights, w => w[name] = w[name].unsqueeze(0))), "", $"{name} of another shape");
                Refused(zip.Replace(at, Change(weights, w => w[name] = w[name].to_type(ScalarType.Float64))), "", $"{name} of another type");
            }

            foreach (string surplus in new[] { "tail", "left.tail", "right.tail", "tower.tail", "classes.tail" })
                Refused(zip.Replace(at, Change(weights, w => w[surplus] = ones(2))), $"'{surplus}', which its towers do not have");
        }
    }

    [TestMethod]
    public void Classes_that_are_not_finite()
    {
        int at = s_zeroShot.Value.IndexOf(ModelZip.Weights);
        byte[] weights = s_zeroShot.Value.Entries[at].Content;
        Refused(s_zeroShot.Value.Replace(at, Change(weights, w => w["classes"] = w["classes"] / 0)), "NaN or infinity");
    }

    private static ModelZip Both(string model) => s_saved[model].Value.Both;

    private static JsonObject Header(ModelZip zip) => JsonNode.Parse(zip.Entries[zip.IndexOf(ModelZip.Header)].Content)!["state"]!.AsObject();

    private static (ModelZip Both, ModelZip Right) Save(string left, string right, Action<SigmoidContrastiveOptions> change)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        using ContrastiveTransformer model = Pairs.Fit(ml, data, o =>
        {
            (o.LeftColumnName, o.RightColumnName) = (left, right);
            o.Training.Epochs = 1;
            change(o);
        });
        return (DamagedModel.Save(model, data.Schema), DamagedModel.Save(model.Right, data.Schema));
    }

    private static ModelZip SaveZeroShot()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Data(ml);
        using ContrastiveTransformer model = Pairs.Fit(ml, data, o => (o.RightColumnName, o.Right.HashBits) = ("LeftText", 10));
        using ZeroShotTransformer classifier = ml.Contrastive.ZeroShotClassifier(model, ["red", "green", "blue"]).Fit(data);
        return DamagedModel.Save(classifier, data.Schema);
    }

    private static IDataView Data(MLContext ml)
    {
        var random = new Random(1);
        IDataView rows = ml.Data.LoadFromEnumerable(PairRow.Many(20).Select(r => new Row
        {
            Left = r.Left,
            LeftText = r.LeftText,
            Sparse = [.. Enumerable.Range(0, 400).Select(i => i == random.Next(400) ? 1f : 0)],
            Image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Rgba32, [.. Enumerable.Range(0, 256).Select(_ => (byte)random.Next(256))]),
        }).ToArray());
        IDataView tokenized = ml.Transforms.Text.TokenizeBytePairs("Tokens", "LeftText", vocabularySize: 280).Fit(rows).Transform(rows);
        Assert.AreEqual(280, TokenAnnotations.Of(tokenized.Schema["Tokens"])!.VocabularySize);
        return tokenized;
    }

    private sealed class Row
    {
        [VectorType(PairRow.LeftWidth)]
        public float[] Left { get; set; } = [];

        [VectorType(400)]
        public float[] Sparse { get; set; } = [];

        [ImageType(8, 8)]
        public MLImage Image { get; set; } = null!;

        public string LeftText { get; set; } = "";
    }
}
