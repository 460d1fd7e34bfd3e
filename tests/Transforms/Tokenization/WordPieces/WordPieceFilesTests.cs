using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Tokenizers;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;
using WordPieceOptions = MLNetExt.Tokenization.WordPieceOptions;
using WordPieceTokenizer = MLNetExt.Tokenization.WordPieceTokenizer;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class WordPieceFilesTests
{
    private static readonly string[] s_vocabulary = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "sat", "."];
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Vocabulary_file_of_bert_is_read()
    {
        using var folder = new TemporaryFolder();
        using WordPieceTransformer model = Fit(new() { VocabularyFile = Write(folder, s_vocabulary) });
        Assert.AreEqual(11, model.VocabularySize);
        CollectionAssert.AreEqual(new[] { 3, 6, 7, 8, 9, 10, 4 }, model.Encode("The cats sat."));
        CollectionAssert.AreEqual(new[] { 3, 2, 2, 2, 4 }, model.Encode("[unused0]"));
        CollectionAssert.AreEquivalent(new Dictionary<string, int> { ["pad"] = 0, ["unk"] = 2, ["cls"] = 3, ["sep"] = 4, ["mask"] = 5 }.ToArray(), model.SpecialTokens.ToArray());
        Assert.AreEqual("[unused0] the", model.Decode([3, 1, 6, 4]));
    }

    [TestMethod]
    public void Vocabulary_file_makes_a_tokenizer_without_a_pipeline()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, s_vocabulary);
        using WordPieceTransformer model = Fit(new() { VocabularyFile = file });
        Assert.AreEqual(model.TokenizerJson, WordPieceTokenizer.FromVocabulary(file).ToJson());
        WordPieceTokenizer cased = WordPieceTokenizer.FromVocabulary(file, lowercase: false);
        Assert.AreEqual((false, false), (cased.Lowercase, cased.StripAccents));
        CollectionAssert.AreEqual(new[] { 3, 2, 7, 4 }, cased.Encode("The cat"));
        Assert.AreEqual((true, false), (WordPieceTokenizer.FromVocabulary(file, true, false).Lowercase, WordPieceTokenizer.FromVocabulary(file, true, false).StripAccents));
        Assert.Contains($"'{file}' cannot be used", Assert.ThrowsExactly<InvalidDataException>(() => WordPieceTokenizer.FromVocabulary(Write(folder, ["a"]))).Message);
    }

    [TestMethod]
    public void Vocabulary_file_is_read_with_the_options()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, s_vocabulary);
        File.WriteAllText(file, "\ufeff" + File.ReadAllText(file).ReplaceLineEndings("\r\n").TrimEnd());
        using WordPieceTransformer model = Fit(new() { VocabularyFile = file, Lowercase = false, AddSpecialTokens = false, MaxTokens = 3 });
        CollectionAssert.AreEqual(new[] { 2, 7, 8 }, model.Encode("The cats sat."));
    }

    [TestMethod]
    public void Tokens_in_angle_brackets_are_special_too()
    {
        using var folder = new TemporaryFolder();
        using WordPieceTransformer model = Fit(new() { VocabularyFile = Write(folder, ["<pad>", "<unk>", "<cls>", "<sep>", "<mask>", "cat"]) });
        CollectionAssert.AreEqual(new[] { 2, 5, 1, 3 }, model.Encode("cat dog"));
        StringAssert.Contains(model.TokenizerJson, "\"unk_token\":\"<unk>\"");
        Assert.AreEqual(model.TokenizerJson, TextTokenizer.FromJson(model.TokenizerJson).ToJson());
    }

    [TestMethod]
    public void Saved_vocabulary_makes_the_same_tokenizer_and_leaves_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using WordPieceTransformer learned = Fit(new() { MinFrequency = 1 });
        File.WriteAllText(folder.File("vocab.txt"), "what was there");
        learned.SaveVocabulary(folder.File("vocab.txt"));
        using WordPieceTransformer read = Fit(new() { VocabularyFile = folder.File("vocab.txt") });
        Assert.AreEqual(learned.TokenizerJson, read.TokenizerJson);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
        Assert.AreEqual("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n", File.ReadAllText(folder.File("vocab.txt"))[..31]);
        Assert.Throws<IOException>(() => learned.SaveVocabulary(folder.File("missing/vocab.txt")));
    }

    [TestMethod]
    [DataRow("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n\nb", "Line 7")]
    [DataRow("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\na", "Lines 6 and 8")]
    [DataRow("[PAD]\n[CLS]\n[SEP]\n[MASK]\na", "'[UNK]'")]
    [DataRow("[PAD]\n[UNK]\n[CLS]\n[SEP]\na", "'[MASK]'")]
    [DataRow("[UNK]\n[CLS]\n[SEP]\n[MASK]\na", "'[PAD]'")]
    [DataRow("", "'[PAD]'")]
    public void Damaged_vocabulary_files_are_named(string text, string part)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("vocab.txt"), text);
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Fit(new() { VocabularyFile = folder.File("vocab.txt") })).Message;
        StringAssert.Contains(message, part);
        StringAssert.Contains(message, "vocab.txt");
    }

    [TestMethod]
    public void A_vocabulary_file_that_is_no_text_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("vocab.txt"), [0x5B, 0xFF, 0xFE, 0x0A]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Fit(new() { VocabularyFile = folder.File("vocab.txt") })).Message, "no UTF-8");
    }

    [TestMethod]
    public void Ids_are_those_of_bert_tokenizer_alone_but_for_what_it_loses()
    {
        using var folder = new TemporaryFolder();
        string[] letters = [.. "abcdeinstvw5東京€$+_🐈\u0915\u093f".EnumerateRunes().Select(letter => letter.ToString())];
        using WordPieceTransformer model = Fit(new() { VocabularyFile = Write(folder, [.. s_vocabulary, .. letters, .. letters.Select(letter => "##" + letter).Except(s_vocabulary)]) });
        using FileStream vocabulary = File.OpenRead(folder.File("vocab.txt"));
        BertTokenizer other = BertTokenizer.Create(vocabulary, new BertOptions { RemoveNonSpacingMarks = true, IndividuallyTokenizeCjk = true, SplitOnSpecialTokens = false });
        foreach (string text in new[] { "the cats sat.", "The  cat SAT. Naïve - cats! déjà", "cats東京cats", "\0cats\u00a0sat\ufffd", "x" + new string('a', 99) + " " + new string('a', 101), "" })
            CollectionAssert.AreEqual(other.EncodeToIds(text).ToArray(), model.Encode(text), $"'{text}'");
        // Line breaks, tabs, symbols, underscores and vowel signs.
        foreach (string text in new[] { "cat\nsat", "cat\tsat", "$5 + 5", "🐈 cat", "a_b", "\u0915\u093f" })
        {
            CollectionAssert.AreNotEqual(other.EncodeToIds(text).ToArray(), model.Encode(text), $"'{text}' is encoded alike: the normalizer here may no longer be needed");
            Assert.DoesNotContain(model.SpecialTokens["unk"], model.Encode(text), $"'{text}'");
        }
        Assert.HasCount(2, other.EncodeToIds("cats", 3, addSpecialTokens: true, out _, out _), "a word that does not fit is left out");
    }

    [TestMethod]
    public void Capitals_that_no_text_gives_are_warned_of()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, [.. s_vocabulary, "London"]);
        List<string> messages = [];
        _ml.Log += (_, e) => messages.Add(e.Message);
        using WordPieceTransformer cased = Fit(new() { VocabularyFile = file, Lowercase = false });
        Assert.IsFalse(messages.Any(message => message.Contains("London", StringComparison.Ordinal)));
        using WordPieceTransformer uncased = Fit(new() { VocabularyFile = file });
        Assert.IsTrue(messages.Any(message => message.Contains("London", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Tokenizer_file_is_read_with_its_settings()
    {
        using var folder = new TemporaryFolder();
        JsonObject json = Json();
        json["normalizer"]!["lowercase"] = false;
        json["truncation"] = JsonNode.Parse("""{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0}""");
        json["post_processor"] = JsonNode.Parse("""{"type":"BertProcessing","sep":["[SEP]",4],"cls":["[CLS]",3]}""");
        File.WriteAllText(folder.File("tokenizer.json"), json.ToJsonString());
        using WordPieceTransformer model = Fit(new() { TokenizerFile = folder.File("tokenizer.json") });
        CollectionAssert.AreEqual(new[] { 3, 2, 7, 4 }, model.Encode("The cats sat."));
        using WordPieceTransformer longer = Fit(new() { TokenizerFile = folder.File("tokenizer.json"), MaxTokens = 6 });
        CollectionAssert.AreEqual(new[] { 3, 2, 7, 8, 9, 4 }, longer.Encode("The cats sat."));
        StringAssert.Contains(
            Assert.Throws<ArgumentException>(() => Fit(new() { TokenizerFile = folder.File("tokenizer.json"), MaxTokens = 2 })).Message, "MaxTokens must be above 2, as TokenizerFile sets");
        File.WriteAllText(folder.File("tokenizer.json"), "[]");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Fit(new() { TokenizerFile = folder.File("tokenizer.json") })).Message, "tokenizer.json");
    }

    [TestMethod]
    public void Pairs_need_a_tokenizer_with_special_tokens_and_room_for_them()
    {
        JsonObject json = Json();
        json["post_processor"] = null;
        WordPieceTokenizer bare = WordPieceTokenizer.FromJson(json.ToJsonString());
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Fit(new() { Tokenizer = bare, SecondInputColumnName = "Text" })).Message, "no special tokens");
        json = Json();
        json["truncation"] = JsonNode.Parse("""{"max_length":3}""");
        WordPieceTokenizer narrow = WordPieceTokenizer.FromJson(json.ToJsonString());
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => Fit(new() { Tokenizer = narrow, SecondInputColumnName = "Text" })).Message, "room for 3 tokens");
        using WordPieceTransformer wider = Fit(new() { Tokenizer = narrow, SecondInputColumnName = "Text", MaxTokens = 5 });
        CollectionAssert.AreEqual(new[] { 3, 6, 4, 7, 4 }, wider.EncodePair("the cats", "cat").Ids);
        using WordPieceTransformer same = Fit(new() { Tokenizer = narrow });
        Assert.AreSame(narrow, same.Tokenizer);
    }

    [TestMethod]
    public void A_file_of_old_without_a_type_and_one_that_pads_are_read()
    {
        JsonObject json = Json();
        string expected = TextTokenizer.FromJson(json.ToJsonString()).Fingerprint;
        ((JsonObject)json["model"]!).Remove("type");
        json["padding"] = JsonNode.Parse("""{"strategy":{"Fixed":128},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"[PAD]"}""");
        Assert.AreEqual(expected, TextTokenizer.FromJson(json.ToJsonString()).Fingerprint);
        Assert.AreEqual(expected, WordPieceTokenizer.FromJson(json.ToJsonString()).Fingerprint);
    }

    [TestMethod]
    public void Accents_go_with_capitals_unless_the_file_says_otherwise()
    {
        foreach ((string lowercase, string strip, string expected) in new[] { ("true", "null", "true"), ("false", "null", "false"), ("true", "false", "false"), ("false", "true", "true") })
        {
            JsonObject json = Json();
            json["normalizer"]!["lowercase"] = JsonNode.Parse(lowercase);
            json["normalizer"]!["strip_accents"] = JsonNode.Parse(strip);
            StringAssert.Contains(TextTokenizer.FromJson(json.ToJsonString()).ToJson(), $"\"strip_accents\":{expected},\"lowercase\":{lowercase}");
        }
    }

    [TestMethod]
    [DataRow("model.type", "\"Unigram\"", "Unigram")]
    [DataRow("model.continuing_subword_prefix", "\"@@\"", "model.continuing_subword_prefix")]
    [DataRow("model.unk_token", "\"[OOV]\"", "[OOV]")]
    [DataRow("model.max_input_chars_per_word", "0", "longest word")]
    [DataRow("model.novelty", "1", "model.novelty")]
    [DataRow("novelty", "{}", "novelty")]
    [DataRow("pre_tokenizer", "{\"type\":\"Whitespace\"}", "pre_tokenizer.type")]
    [DataRow("pre_tokenizer", "{}", "damaged")]
    [DataRow("pre_tokenizer", "null", "pre_tokenizer")]
    [DataRow("decoder", "{\"type\":\"ByteLevel\"}", "decoder.type")]
    [DataRow("decoder.prefix", "\"@@\"", "decoder.prefix")]
    [DataRow("normalizer", "null", "normalizer")]
    [DataRow("normalizer", "{\"type\":\"Lowercase\"}", "normalizer.type")]
    [DataRow("normalizer.clean_text", "false", "normalizer.clean_text")]
    [DataRow("normalizer.handle_chinese_chars", "false", "normalizer.handle_chinese_chars")]
    [DataRow("truncation", "{\"direction\":\"Left\",\"max_length\":4}", "truncation.direction")]
    [DataRow("truncation", "{\"max_length\":2}", "leave no room")]
    [DataRow("post_processor", "{\"type\":\"RobertaProcessing\"}", "RobertaProcessing")]
    [DataRow("post_processor", "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",3],\"cls\":[\"[CLS]\",3]}", "BertProcessing")]
    [DataRow("post_processor.single", "[{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}]", "$A:0")]
    [DataRow("post_processor.pair", "[]", "post_processor")]
    [DataRow("added_tokens", "[]", "[UNK]")]
    [DataRow("added_tokens", "[{\"id\":2,\"content\":\"[UNK]\",\"special\":true}]", "[CLS] and [SEP]")]
    [DataRow("added_tokens", "[{\"id\":11,\"content\":\"dog\",\"special\":false}]", "'dog'")]
    [DataRow("model.vocab", "{\"a\":7}", "ids must run")]
    [DataRow("model.vocab", "{\"a\":99999999999}", "damaged")]
    [DataRow("model", "7", "damaged")]
    public void What_would_change_the_ids_or_is_damaged_is_refused_by_name(string path, string value, string part)
    {
        JsonObject json = Json();
        string[] names = path.Split('.');
        (names.Length == 1 ? json : json[names[0]]!)[names[^1]] = JsonNode.Parse(value);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => WordPieceTokenizer.FromJson(json.ToJsonString())).Message, part);
    }

    [TestMethod]
    [DataRow("a\\nb", false, "line break")]
    [DataRow("", false, "empty")]
    [DataRow("url", true, "brackets")]
    [DataRow("##url", true, "brackets")]
    public void Tokens_that_cannot_be_are_refused(string token, bool isSpecial, string part)
    {
        JsonObject json = Json();
        token = token.Replace("\\n", "\n", StringComparison.Ordinal);
        json["model"]!["vocab"]![token] = 11;
        if (isSpecial)
            json["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 11, ["content"] = token, ["special"] = true });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => WordPieceTokenizer.FromJson(json.ToJsonString())).Message, part);
    }

    [TestMethod]
    public void Other_kinds_of_tokenizers_are_told_apart()
    {
        JsonObject json = Json();
        Assert.IsInstanceOfType<WordPieceTokenizer>(TextTokenizer.FromJson(json.ToJsonString()));
        json["model"]!["type"] = "Unigram";
        string message = Assert.ThrowsExactly<InvalidDataException>(() => TextTokenizer.FromJson(json.ToJsonString())).Message;
        StringAssert.Contains(message, "Unigram");
        StringAssert.Contains(message, "WordPiece");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => BytePairTokenizer.FromJson(Json().ToJsonString())).Message, "model.type");
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "a" }]);
        BytePairTokenizer bytes = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 261).Fit(data).Tokenizer;
        Assert.IsInstanceOfType<BytePairTokenizer>(TextTokenizer.FromJson(bytes.ToJson()));
        Assert.IsFalse(WordPieceTokenizer.Made(bytes.ColumnInfo));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => WordPieceTokenizer.FromJson(bytes.ToJson())).Message, "model.");
    }

    [TestMethod]
    public void Json_changed_at_random_is_read_or_refused()
    {
        var random = new Random(7);
        string json = Json().ToJsonString();
        const string Inserts = "{}[]\",:0-9anull\\";
        int read = 0;
        for (int i = 0; i < 2000; i++)
        {
            int at = random.Next(json.Length), length = random.Next(3);
            string changed = json[..at] + Inserts[random.Next(Inserts.Length)] + json[Math.Min(json.Length, at + length)..];
            try
            {
                Assert.IsNotNull(TextTokenizer.FromJson(changed).Encode("the cats"));
                read++;
            }
            catch (InvalidDataException e)
            {
                Assert.IsGreaterThan(10, e.Message.Length);
            }
        }
        Assert.IsInRange(1, 1000, read);
    }

    private WordPieceTransformer Fit(WordPieceOptions options)
    {
        options.InputColumnName = "Text";
        return _ml.Transforms.Text.TokenizeWordPieces(options).Fit(_ml.Data.LoadFromEnumerable([new TextRow { Text = "the cats and the mats" }]));
    }

    private static string Write(TemporaryFolder folder, string[] tokens)
    {
        File.WriteAllLines(folder.File("vocab.txt"), tokens);
        return folder.File("vocab.txt");
    }

    /// <summary>A file as Hugging Face writes it for BERT.</summary>
    private static JsonObject Json() => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. new[] { 0, 2, 3, 4, 5 }.Select(id => (JsonNode)new JsonObject
        {
            ["id"] = id,
            ["content"] = s_vocabulary[id],
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        })]),
        ["normalizer"] = JsonNode.Parse("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}"""),
        ["pre_tokenizer"] = JsonNode.Parse("""{"type":"BertPreTokenizer"}"""),
        ["post_processor"] = JsonNode.Parse("""
            {"type":"TemplateProcessing",
             "single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],
             "pair":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}},
                     {"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}],
             "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[3],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[4],"tokens":["[SEP]"]}}}
            """),
        ["decoder"] = JsonNode.Parse("""{"type":"WordPiece","prefix":"##","cleanup":true}"""),
        ["model"] = new JsonObject
        {
            ["type"] = "WordPiece",
            ["unk_token"] = "[UNK]",
            ["continuing_subword_prefix"] = "##",
            ["max_input_chars_per_word"] = 100,
            ["vocab"] = JsonSerializer.SerializeToNode(s_vocabulary.Select((token, id) => (token, id)).ToDictionary()),
        },
    };
}
