using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class BytePairTokenizerTests
{
    private const string Corpus = "the cat sat on the mat, and the other cats that sat there sang; it's theirs, they're 1234 and we'll see 2024 naïve façades — 東京タワー 🐈‍⬛🐈‍⬛";
    private static readonly Lazy<BytePairTokenizer> s_learned = new(() => Learn(new BytePairOptions { VocabularySize = 340, MinFrequency = 1 }).Tokenizer);

    [TestMethod]
    [DataRow("the cats sat there")]
    [DataRow("  two  spaces\tand\r\n\n a tab ")]
    [DataRow("\0\u0001\u001f\u007f\u0080\u009f\ufeff\uffff\u200d")]
    [DataRow("👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 ﷽ Ｗｉｄｅ")]
    [DataRow("<|pad|><|eos|> </s>")]
    [DataRow("'s 'S 'll it's")]
    [DataRow("𝒜𝓫𝔠 𠀀𠀁 1²³ ٣٤")]
    public void Text_comes_back_exactly(string text) => Assert.AreEqual(text, s_learned.Value.Decode(s_learned.Value.Encode(text)));

    [TestMethod]
    public void Any_text_comes_back_exactly()
    {
        Gen<string> letter = Gen.Frequency(
            (4, Gen.Choose(0x20, 0x7E).Select(c => ((char)c).ToString())),
            (1, Gen.Choose(0, 0x1F).Select(c => ((char)c).ToString())),
            (2, Gen.Choose(0x80, 0xD7FF).Select(c => ((char)c).ToString())),
            (1, Gen.Choose(0xE000, 0xFFFF).Select(c => ((char)c).ToString())),
            (2, Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32)),
            (2, Gen.Elements("the", " cat", "'s", "  ", "<|eos|>", "🐈‍⬛")));
        Prop.ForAll(letter.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            int[] ids = s_learned.Value.Encode(text);
            Assert.AreEqual(text, s_learned.Value.Decode(ids));
            Assert.IsTrue(ids.All(id => id >= 5 && id < s_learned.Value.VocabularySize));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [TestMethod]
    public void Ids_are_those_of_the_brute_force_encoder()
    {
        BytePairModel model = TokenizerJsonReader.Read(s_learned.Value.ToJson());
        Gen<string> text = Gen.Elements('t', 'h', 'e', 'c', 'a', 's', ' ', 'é', '東', '1', '\'', '\n').ArrayOf().Select(letters => new string(letters));
        Prop.ForAll(text.ToArbitrary(), sample =>
        {
            string[] expected = [.. TextPieces.Regex().Matches(sample).SelectMany(piece => BruteForce.Encode(piece.Value, model.Merges))];
            CollectionAssert.AreEqual(expected, s_learned.Value.Encode(sample).Select(id => model.Tokens[id]).ToArray(), $"'{sample}'");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [TestMethod]
    public void Pieces_are_those_of_gpt_2() => CollectionAssert.AreEqual(
        new[] { "it", "'s", " 12", " o", "'", "clock", "  ", " ...", " now", "\n\n", " '", "LL", "\t" },
        TextPieces.Regex().Matches("it's 12 o'clock   ... now\n\n 'LL\t").Select(piece => piece.Value).ToArray());

    [TestMethod]
    public void Long_pieces_are_encoded_and_come_back()
    {
        string text = new string('a', 20_000) + string.Concat(Enumerable.Repeat("the東🐈", 3000));
        Assert.AreEqual(text, s_learned.Value.Decode(s_learned.Value.Encode(text)));
    }

    [TestMethod]
    public void Text_that_is_no_utf_16_gets_replacement_characters()
    {
        Assert.AreEqual("a\ufffdb\ufffd", s_learned.Value.Decode(s_learned.Value.Encode("a\ud83db\udc08")));
        Assert.AreEqual("\ufffd🐈", s_learned.Value.Decode(s_learned.Value.Encode("\ud83d🐈")));
    }

    [TestMethod]
    public void Special_tokens_come_first_and_text_never_gives_them()
    {
        CollectionAssert.AreEquivalent(
            new Dictionary<string, int> { ["pad"] = 0, ["bos"] = 1, ["eos"] = 2, ["unk"] = 3, ["mask"] = 4 }.ToArray(), s_learned.Value.SpecialTokens.ToArray());
        Assert.IsTrue(s_learned.Value.Encode("<|pad|> <|eos|>").All(id => id >= 5));
        Assert.AreEqual("", s_learned.Value.Decode([0, 1, 2, 3, 4]));
    }

    [TestMethod]
    public void Beginning_and_end_are_set_and_survive_the_cut()
    {
        BytePairTokenizer around = Learn(new BytePairOptions { VocabularySize = 340, MinFrequency = 1, AddBos = true, AddEos = true, MaxTokens = 6 }).Tokenizer;
        for (int words = 0; words < 12; words++)
        {
            string text = string.Join(' ', Enumerable.Repeat("naïve 🐈", words));
            int[] whole = s_learned.Value.Encode(text), cut = around.Encode(text);
            CollectionAssert.AreEqual(new[] { 1 }.Concat(whole.Take(4)).Append(2).ToArray(), cut, $"{words} words");
            CollectionAssert.AreEqual((int[])[1, .. whole], around.EncodePrompt(text), $"{words} words that go on");
        }
    }

    [TestMethod]
    public void Cut_text_is_the_beginning_of_the_whole()
    {
        for (int most = 1; most < 60; most++)
        {
            BytePairTokenizer cut = s_learned.Value.With(s_learned.Value.Settings with { MaxTokens = most });
            CollectionAssert.AreEqual(s_learned.Value.Encode(Corpus).Take(most).ToArray(), cut.Encode(Corpus), $"{most} tokens");
        }
    }

    [TestMethod]
    public void Text_is_normalised_where_asked_for()
    {
        BytePairTokenizer normalizing = Learn(new BytePairOptions { VocabularySize = 300, Lowercase = true, NormalizeUnicode = true }).Tokenizer;
        Assert.AreEqual("über café", normalizing.Decode(normalizing.Encode("ÜBER Cafe\u0301")));
        CollectionAssert.AreEqual(normalizing.Encode("café"), normalizing.Encode("CAFE\u0301"));
    }

    [TestMethod]
    public void A_character_that_cannot_be_normalised_is_replaced()
    {
        BytePairTokenizer normalizing = Learn(new BytePairOptions { VocabularySize = 300, NormalizeUnicode = true }).Tokenizer;
        Assert.AreEqual("a\uFFFDb", normalizing.Decode(normalizing.Encode("a\uFFFEb")));
    }

    [TestMethod]
    public void The_vocabulary_in_the_json_holds_the_special_tokens_with_their_ids()
    {
        using JsonDocument json = JsonDocument.Parse(s_learned.Value.ToJson());
        Dictionary<string, int> vocabulary = json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetInt32());
        Assert.HasCount(s_learned.Value.VocabularySize, vocabulary);
        foreach (JsonElement added in json.RootElement.GetProperty("added_tokens").EnumerateArray())
            Assert.AreEqual(added.GetProperty("id").GetInt32(), vocabulary[added.GetProperty("content").GetString()!]);
    }

    [TestMethod]
    public void Json_makes_the_same_tokenizer_again()
    {
        BytePairTokenizer full = Learn(new BytePairOptions { VocabularySize = 330, MinFrequency = 1, AddBos = true, AddEos = true, MaxTokens = 30, Lowercase = true, NormalizeUnicode = true }).Tokenizer;
        foreach (BytePairTokenizer tokenizer in new[] { full, s_learned.Value })
        {
            BytePairTokenizer again = BytePairTokenizer.FromJson(tokenizer.ToJson());
            Assert.AreEqual(tokenizer.ToJson(), again.ToJson());
            Assert.AreEqual(tokenizer.Fingerprint, again.Fingerprint);
            CollectionAssert.AreEqual(tokenizer.Encode(Corpus), again.Encode(Corpus));
            CollectionAssert.AreEquivalent(tokenizer.SpecialTokens.ToArray(), again.SpecialTokens.ToArray());
        }
        Assert.AreNotEqual(full.Fingerprint, s_learned.Value.Fingerprint);
        Assert.AreEqual(TokenColumnInfo.FingerprintOf(full.ToJson()), full.Fingerprint);
    }

    [TestMethod]
    public void Ids_out_of_the_vocabulary_are_refused()
    {
        foreach (int id in new[] { -1, s_learned.Value.VocabularySize })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_learned.Value.Decode([5, id])).Message, $"The id {id}");
    }

    [TestMethod]
    public void Masks_stand_where_they_are_written_and_the_space_before_them_is_theirs()
    {
        BytePairTokenizer plain = s_learned.Value, around = Learn(new BytePairOptions { VocabularySize = 340, MinFrequency = 1, AddBos = true, AddEos = true, MaxTokens = 6 }).Tokenizer;
        int[] expected = [.. plain.Encode("the cat"), 4, .. plain.Encode(" on the"), 4];
        CollectionAssert.AreEqual(expected, plain.EncodeMasked("the cat <|mask|> on the<|mask|>"));
        CollectionAssert.AreEqual((int[])[1, .. expected, 2], around.EncodeMasked("the cat <|mask|> on the<|mask|>"));
        CollectionAssert.AreEqual(plain.Encode("[MASK]"), plain.EncodeMasked("[MASK]"));
        BytePairTokenizer none = Learn(new BytePairOptions { VocabularySize = 340, MinFrequency = 1, SpecialTokens = ["pad", "eos"] }).Tokenizer;
        Assert.Contains("no mask among its special tokens pad, eos", Assert.ThrowsExactly<InvalidOperationException>(() => none.EncodeMasked("a")).Message);
    }

    [TestMethod]
    public void Tokens_have_a_text_each()
    {
        Assert.AreEqual("<|pad|> <|mask|>", $"{s_learned.Value.TokenText(0)} {s_learned.Value.TokenText(4)}");
        foreach (int id in s_learned.Value.Encode(Corpus))
            Assert.AreEqual(s_learned.Value.Decode([id]), s_learned.Value.TokenText(id));
        Assert.Contains("The id -1", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_learned.Value.TokenText(-1)).Message);
    }

    [TestMethod]
    public void The_most_tokens_can_be_set_anew()
    {
        CollectionAssert.AreEqual(s_learned.Value.Encode(Corpus)[..3], s_learned.Value.WithMaxTokens(3).Encode(Corpus));
        Assert.AreEqual(s_learned.Value.Fingerprint, s_learned.Value.WithMaxTokens(3).WithMaxTokens(null).Fingerprint);
        Assert.Contains("above 0", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_learned.Value.WithMaxTokens(0)).Message);
    }

    [TestMethod]
    public void Two_threads_can_encode()
    {
        BytePairTokenizer shared = BytePairTokenizer.FromJson(s_learned.Value.ToJson());
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"the {i} cats sat on {i * 7919 % 1000} mats")];
        int[][] expected = [.. texts.Select(s_learned.Value.Encode)];
        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => CollectionAssert.AreEqual(expected[i], shared.Encode(texts[i])));
    }

    private static BytePairTransformer Learn(BytePairOptions options)
    {
        var ml = new MLContext(seed: 1);
        options.InputColumnName = "Text";
        return ml.Transforms.Text.TokenizeBytePairs(options).Fit(ml.Data.LoadFromEnumerable(new[] { new TextRow { Text = Corpus } }));
    }
}
