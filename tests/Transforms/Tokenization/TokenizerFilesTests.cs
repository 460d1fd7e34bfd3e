using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Tokenizers;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class TokenizerFilesTests
{
    private static readonly string[] s_merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "Ã ©"];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Files_of_gpt_2_are_read()
    {
        using var folder = new TemporaryFolder();
        WriteGpt2(folder);
        using BytePairTransformer model = Fit(new BytePairOptions { VocabularyFile = folder.File("vocab.json"), MergesFile = folder.File("merges.txt"), AddEos = true });
        Assert.AreEqual(256 + s_merges.Length + 1, model.VocabularySize);
        // hello, Ġw, ö as its two bytes, r, é by its merge; then <|endoftext|>, the last id.
        CollectionAssert.AreEqual(new[] { 259, 260, Byte(0xC3), Byte(0xB6), Byte('r'), 261, 262 }, model.Encode("hello wöré"));
        CollectionAssert.AreEqual(new[] { KeyValuePair.Create("eos", 262) }, model.SpecialTokens.ToArray());
        Assert.AreEqual("hello wöré", model.Decode(model.Encode("hello wöré")));
    }

    [TestMethod]
    public void Saved_vocabulary_makes_the_same_tokenizer()
    {
        using var folder = new TemporaryFolder();
        using BytePairTransformer learned = Fit(new BytePairOptions { VocabularySize = 300, MinFrequency = 1 });
        learned.SaveVocabulary(folder.File("saved"));
        string vocabulary = Path.Combine(folder.File("saved"), "vocab.json"), merges = Path.Combine(folder.File("saved"), "merges.txt");
        using BytePairTransformer read = Fit(new BytePairOptions { VocabularyFile = vocabulary, MergesFile = merges });
        Assert.AreEqual(learned.TokenizerJson, read.TokenizerJson);
        Assert.StartsWith("#version", File.ReadAllText(merges));
    }

    [TestMethod]
    public void Ids_of_a_saved_vocabulary_are_those_of_another_gpt_2_tokenizer()
    {
        using var folder = new TemporaryFolder();
        using BytePairTransformer learned = Fit(new BytePairOptions { VocabularySize = 300, MinFrequency = 1 });
        learned.SaveVocabulary(folder.Path);
        // The other tokenizer insists on this token, and has tokens of its own for tabs and runs of spaces.
        File.WriteAllText(folder.File("vocab.json"), File.ReadAllText(folder.File("vocab.json")).Replace("<|eos|>", "<|endoftext|>", StringComparison.Ordinal));
        using FileStream vocabulary = File.OpenRead(folder.File("vocab.json")), merges = File.OpenRead(folder.File("merges.txt"));
        CodeGenTokenizer other = CodeGenTokenizer.Create(vocabulary, merges);
        foreach (string text in new[] { "the cats", "The mats and\r\n\n they'll, it's ", "naïve façade — 東京 🐈‍⬛ 1²³", "\0\u007f\u00a0x", "" })
            CollectionAssert.AreEqual(other.EncodeToIds(text).ToArray(), learned.Encode(text), $"'{text}'");
    }

    [TestMethod]
    public void Tokenizer_file_is_read_with_its_settings()
    {
        using var folder = new TemporaryFolder();
        JsonObject json = Json();
        json["normalizer"] = JsonNode.Parse("""{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]}""");
        json["added_tokens"] = JsonNode.Parse("""[{"id":262,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},{"id":263,"content":"</s>","special":true}]""");
        json["post_processor"] = JsonNode.Parse("""{"type":"RobertaProcessing","sep":["</s>",263],"cls":["<s>",262],"trim_offsets":true,"add_prefix_space":false}""");
        json["truncation"] = JsonNode.Parse("""{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0}""");
        File.WriteAllText(folder.File("tokenizer.json"), json.ToJsonString());
        using BytePairTransformer model = Fit(new BytePairOptions { TokenizerFile = folder.File("tokenizer.json") });
        CollectionAssert.AreEqual(new[] { 262, 259, 260, 263 }, model.Encode("HELLO WORLD"));
        CollectionAssert.AreEquivalent(new Dictionary<string, int> { ["bos"] = 262, ["eos"] = 263 }.ToArray(), model.SpecialTokens.ToArray());
        using BytePairTransformer shorter = Fit(new BytePairOptions { TokenizerFile = folder.File("tokenizer.json"), MaxTokens = 3 });
        CollectionAssert.AreEqual(new[] { 262, 259, 263 }, shorter.Encode("HELLO WORLD"));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Fit(new BytePairOptions { TokenizerFile = folder.File("tokenizer.json"), MaxTokens = 2 }));
        StringAssert.Contains(error.Message, "MaxTokens must be above 2, as TokenizerFile sets");
    }

    [TestMethod]
    public void Merges_may_be_pairs_and_the_type_may_be_left_out()
    {
        JsonObject json = Json();
        json["model"]!["merges"] = new JsonArray([.. s_merges.Select(merge => (JsonNode)new JsonArray([.. merge.Split(' ').Select(part => (JsonNode)part)]))]);
        json["model"]!.AsObject().Remove("type");
        BytePairTokenizer tokenizer = BytePairTokenizer.FromJson(json.ToJsonString());
        CollectionAssert.AreEqual(new[] { 259, 260 }, tokenizer.Encode("hello w"));
        Assert.AreEqual(BytePairTokenizer.FromJson(Json().ToJsonString()).Fingerprint, tokenizer.Fingerprint);
    }

    [TestMethod]
    [DataRow("model.type", "\"WordPiece\"", "model.type")]
    [DataRow("model.dropout", "0.1", "model.dropout")]
    [DataRow("model.byte_fallback", "true", "model.byte_fallback")]
    [DataRow("model.ignore_merges", "true", "model.ignore_merges")]
    [DataRow("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix")]
    [DataRow("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix")]
    [DataRow("model.novelty", "1", "model.novelty")]
    [DataRow("novelty", "{}", "novelty")]
    [DataRow("pre_tokenizer.add_prefix_space", "true", "pre_tokenizer.add_prefix_space")]
    [DataRow("pre_tokenizer.use_regex", "false", "pre_tokenizer.use_regex")]
    [DataRow("pre_tokenizer", "{\"type\":\"Whitespace\"}", "pre_tokenizer.type")]
    [DataRow("pre_tokenizer", "null", "pre_tokenizer")]
    [DataRow("decoder", "{\"type\":\"Metaspace\"}", "decoder.type")]
    [DataRow("normalizer", "{\"type\":\"StripAccents\"}", "StripAccents")]
    [DataRow("normalizer", "{\"type\":\"Strip\",\"strip_left\":true}", "strip_left")]
    [DataRow("truncation", "{\"direction\":\"Left\",\"max_length\":4}", "truncation.direction")]
    [DataRow("truncation", "{\"max_length\":0}", "leave no room")]
    [DataRow("post_processor", "{\"type\":\"BertProcessing\"}", "post_processor.type")]
    [DataRow("post_processor", "{\"type\":\"RobertaProcessing\",\"cls\":[],\"sep\":[]}", "damaged")]
    [DataRow("post_processor", "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"<x>\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]}", "<x>")]
    [DataRow("post_processor", "{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]}", "post_processor.single")]
    [DataRow("added_tokens", "[{\"id\":262,\"content\":\"cat\",\"special\":false}]", "'cat'")]
    [DataRow("added_tokens", "[{\"id\":900,\"content\":\"<x>\",\"special\":true}]", "900")]
    [DataRow("added_tokens", "[{\"id\":7,\"content\":\"<x>\",\"special\":true}]", "the same id 7")]
    [DataRow("model.merges", "[\"h e\",\"h e\"]", "twice")]
    [DataRow("model.merges", "[\"h q\"]", "'h q'")]
    [DataRow("model.merges", "[\"he\"]", "not two tokens")]
    [DataRow("model.merges", "[7]", "damaged")]
    [DataRow("model.vocab", "{\"a\":0}", "no token for the byte")]
    [DataRow("model.vocab", "{\"a b\":0}", "byte alphabet")]
    [DataRow("model.vocab", "{\"a\":-1}", "-1")]
    [DataRow("model.vocab", "{\"a\":99999999999}", "damaged")]
    [DataRow("model", "7", "damaged")]
    public void What_would_change_the_ids_or_is_damaged_is_refused_by_name(string path, string value, string part)
    {
        JsonObject json = Json();
        string[] names = path.Split('.');
        (names.Length == 1 ? json : json[names[0]]!)[names[^1]] = JsonNode.Parse(value);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => BytePairTokenizer.FromJson(json.ToJsonString())).Message, part);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("{\"model\":")]
    [DataRow("{\"model\":{\"vocab\":{\"\\ud800\":0},\"merges\":[]}}")]
    public void Text_that_is_no_tokenizer_is_refused(string json) =>
        Assert.ThrowsExactly<InvalidDataException>(() => BytePairTokenizer.FromJson(json));

    [TestMethod]
    public void Json_changed_at_random_is_read_or_refused()
    {
        var random = new Random(7);
        JsonObject sound = Json();
        sound["added_tokens"] = JsonNode.Parse("""[{"id":262,"content":"<s>","special":true}]""");
        sound["post_processor"] = JsonNode.Parse("""{"type":"Sequence","processors":[{"type":"RobertaProcessing","sep":["<s>",262],"cls":["<s>",262]}]}""");
        sound["normalizer"] = JsonNode.Parse("""{"type":"Sequence","normalizers":[{"type":"NFC"}]}""");
        string json = sound.ToJsonString();
        const string Inserts = "{}[]\",:0-9anull\\";
        int read = 0;
        for (int i = 0; i < 2000; i++)
        {
            // Near the ends, where the settings are, as often as within the vocabulary.
            int at = random.Next(i % 2 == 0 ? json.Length : 700), length = random.Next(3);
            string changed = json[..at] + Inserts[random.Next(Inserts.Length)] + json[Math.Min(json.Length, at + length)..];
            try
            {
                Assert.IsNotEmpty(BytePairTokenizer.FromJson(changed).Encode("hello wörld"));
                read++;
            }
            catch (InvalidDataException e)
            {
                Assert.IsGreaterThan(10, e.Message.Length);
            }
        }
        Assert.IsInRange(1, 1000, read);
    }

    [TestMethod]
    public void Damaged_files_are_named()
    {
        using var folder = new TemporaryFolder();
        WriteGpt2(folder);
        File.AppendAllText(folder.File("merges.txt"), "lonely\n");
        var options = new BytePairOptions { VocabularyFile = folder.File("vocab.json"), MergesFile = folder.File("merges.txt") };
        string merges = Assert.ThrowsExactly<InvalidDataException>(() => Fit(options)).Message;
        StringAssert.Contains(merges, "Line 8");
        StringAssert.Contains(merges, "merges.txt");
        File.WriteAllText(folder.File("vocab.json"), "[1]");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Fit(options)).Message, "vocab.json");
        string tokenizer = Assert.ThrowsExactly<InvalidDataException>(() => Fit(new BytePairOptions { TokenizerFile = folder.File("vocab.json") })).Message;
        StringAssert.Contains(tokenizer, "vocab.json");
    }

    private BytePairTransformer Fit(BytePairOptions options)
    {
        options.InputColumnName = "Text";
        return _ml.Transforms.Text.TokenizeBytePairs(options).Fit(_ml.Data.LoadFromEnumerable(new[] { new TextRow { Text = "the cats and the mats" } }));
    }

    private static Dictionary<string, int> Vocabulary() => Enumerable.Range(0, 256).Select(value => ByteAlphabet.Token((byte)value))
        .Concat(s_merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal))).Select((token, id) => (token, id)).ToDictionary();

    private static void WriteGpt2(TemporaryFolder folder)
    {
        Dictionary<string, int> vocabulary = Vocabulary();
        vocabulary.Add("<|endoftext|>", vocabulary.Count);
        File.WriteAllText(folder.File("vocab.json"), JsonSerializer.Serialize(vocabulary));
        File.WriteAllLines(folder.File("merges.txt"), ["#version: 0.2", .. s_merges]);
    }

    private static JsonObject Json() => new JsonObject
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(),
        ["normalizer"] = null,
        ["pre_tokenizer"] = JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true}"""),
        ["post_processor"] = JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false}"""),
        ["decoder"] = JsonNode.Parse("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"""),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = "",
            ["end_of_word_suffix"] = "",
            ["fuse_unk"] = false,
            ["vocab"] = JsonSerializer.SerializeToNode(Vocabulary()),
            ["merges"] = JsonSerializer.SerializeToNode(s_merges),
        },
    };

    private static int Byte(int value) => value;

    [TestMethod]
    public void A_tokenizer_that_is_there_makes_the_tokens_and_is_no_second_vocabulary()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable([new TextRow { Text = "the cat and the hat" }]);
        BytePairTokenizer tokenizer = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 270, addEos: true).Fit(data).Tokenizer;
        BytePairTransformer again = ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions { InputColumnName = "Text", Tokenizer = tokenizer }).Fit(data);
        Assert.AreEqual(tokenizer.Fingerprint, again.Tokenizer.Fingerprint);
        CollectionAssert.AreEqual(tokenizer.Encode("a hat"), again.Encode("a hat"));
        var error = Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions { InputColumnName = "Text", Tokenizer = tokenizer, AddEos = true }).Fit(data));
        StringAssert.Contains(error.Message, "Tokenizer says what is done to text");
    }
}
