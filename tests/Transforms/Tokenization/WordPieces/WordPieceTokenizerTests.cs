using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class WordPieceTokenizerTests
{
    private const string Corpus = "The cat sat on the mat, and the other cats that sat there sang; it's theirs (1234) + naïve façades — 東京タワー 🐈‍⬛ $5 a_b #tag";

    // Ids:                                          0        1        2        3        4         5     6       7        8       9     10    11      12     13   14     15
    private static readonly string[] s_vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "want", "##want", "##ed", "wa", "runn", "##ing", ",", "🐈", "##⬛", "$"];
    private static readonly WordPieceTokenizer s_hand = Make();
    private static readonly Lazy<WordPieceTokenizer> s_learned = new(() => Learn(new WordPieceOptions { VocabularySize = 400, MinFrequency = 1 }).Tokenizer);

    [TestMethod]
    [DataRow("UNwant\u00E9d,running", new[] { 5, 7, 8, 12, 10, 11 })]
    [DataRow("want wanted unwanted", new[] { 6, 6, 8, 5, 7, 8 })]
    [DataRow("wax want", new[] { 1, 6 })]
    [DataRow("un\nwant\tun", new[] { 5, 6, 5 })]
    [DataRow("🐈‍⬛ 🐈 ⬛ 🐕", new[] { 13, 14, 13, 1, 1 })]
    [DataRow("$,$", new[] { 15, 12, 15 })]
    [DataRow("[SEP] [MASK] ##ed", new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [DataRow("", new int[0])]
    [DataRow(" \n\0\ufeff", new int[0])]
    public void Ids_are_those_worked_out_by_hand(string text, int[] expected)
    {
        CollectionAssert.AreEqual((int[])[2, .. expected, 3], s_hand.Encode(text));
        CollectionAssert.AreEqual(expected, s_hand.With(s_hand.Settings with { AddSpecialTokens = false }).Encode(text));
    }

    [TestMethod]
    public void Words_that_are_too_long_are_unknown()
    {
        string[] vocabulary = [.. s_vocabulary, "a", "##a"];
        WordPieceTokenizer tokenizer = Make(vocabulary);
        CollectionAssert.AreEqual((int[])[2, 16, .. Enumerable.Repeat(17, 99), 3], tokenizer.Encode(new string('a', 100)));
        CollectionAssert.AreEqual(new[] { 2, 1, 16, 3 }, tokenizer.Encode(new string('a', 101) + " a"));
        CollectionAssert.AreEqual(new[] { 2, 16, 17, 17, 1, 3 }, Make(vocabulary, new(true, true, MaxWordLength: 3)).Encode("aaa aaaa"));
    }

    [TestMethod]
    public void Pairs_are_set_between_separators_with_their_types()
    {
        (int[] ids, int[] types) = s_hand.EncodePair("want,", "un");
        CollectionAssert.AreEqual(new[] { 2, 6, 12, 3, 5, 3 }, ids);
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 0, 1, 1 }, types);
        (ids, types) = s_hand.EncodePair("", "");
        CollectionAssert.AreEqual(new[] { 2, 3, 3 }, ids);
        CollectionAssert.AreEqual(new[] { 0, 0, 1 }, types);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => s_hand.With(s_hand.Settings with { AddSpecialTokens = false }).EncodePair("a", "b")).Message, "no special tokens");
    }

    [TestMethod]
    [DataRow(0, 2, 0, 2)]
    [DataRow(0, 8, 0, 7)]
    [DataRow(2, 0, 2, 0)]
    [DataRow(2, 4, 2, 4)]
    [DataRow(2, 8, 2, 5)]
    [DataRow(4, 4, 3, 4)]
    [DataRow(4, 8, 3, 4)]
    [DataRow(8, 0, 7, 0)]
    [DataRow(8, 2, 5, 2)]
    [DataRow(8, 4, 4, 3)]
    [DataRow(8, 8, 3, 4)]
    [DataRow(9, 8, 4, 3)]
    public void The_longer_text_of_a_pair_is_cut_first(int first, int second, int keptOfFirst, int keptOfSecond)
    {
        WordPieceTokenizer cut = s_hand.With(s_hand.Settings with { MaxTokens = 10 });
        (int[] ids, int[] types) = cut.EncodePair(string.Join(' ', Enumerable.Repeat("un", first)), string.Join(' ', Enumerable.Repeat("want", second)));
        CollectionAssert.AreEqual((int[])[2, .. Enumerable.Repeat(5, keptOfFirst), 3, .. Enumerable.Repeat(6, keptOfSecond), 3], ids);
        Assert.AreEqual(keptOfSecond + 1, types.Sum());
    }

    [TestMethod]
    public void Cut_pairs_are_those_of_whole_texts_cut_token_by_token()
    {
        for (int most = 3; most < 16; most++)
        {
            WordPieceTokenizer cut = s_hand.With(s_hand.Settings with { MaxTokens = most });
            for (int i = 0; i < 24 * 24; i++)
            {
                string[] texts = [Words(i / 24), Words(i % 24)];
                List<int> first = [.. s_hand.Encode(texts[0])[1..^1]], second = [.. s_hand.Encode(texts[1])[1..^1]];
                while (first.Count + second.Count > most - 3)
                {
                    // The token that is over when both are of one length is that of the text that was longer.
                    List<int> longer = first.Count != second.Count ? first.Count > second.Count ? first : second : i / 24 > i % 24 ? second : first;
                    longer.RemoveAt(longer.Count - 1);
                }
                CollectionAssert.AreEqual((int[])[2, .. first, 3, .. second, 3], cut.EncodePair(texts[0], texts[1]).Ids, $"{most} tokens of '{texts[0]}' and '{texts[1]}'");
            }
        }

        static string Words(int tokens) => string.Join(' ', Enumerable.Repeat("unwanted", tokens / 3).Concat(Enumerable.Repeat("un", tokens % 3)));
    }

    [TestMethod]
    public void Of_a_long_text_no_more_is_encoded_than_a_pair_has_room_for()
    {
        WordPieceTokenizer cut = s_hand.With(s_hand.Settings with { MaxTokens = 9 });
        string text = string.Join(' ', Enumerable.Repeat("un", 200_000));
        cut.EncodePair("un", text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        cut.EncodePair("un", text);
        long pair = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        cut.Encode(text);
        long single = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsLessThan(single + 100_000, pair, "bytes; the ids of the whole text are 800,000");
    }

    [TestMethod]
    public void Cut_text_is_the_beginning_of_the_whole_and_ends_with_a_separator()
    {
        int[] whole = s_learned.Value.Encode(Corpus)[1..^1];
        for (int most = 3; most < whole.Length + 4; most++)
        {
            WordPieceTokenizer cut = s_learned.Value.With(s_learned.Value.Settings with { MaxTokens = most });
            CollectionAssert.AreEqual((int[])[2, .. whole.Take(most - 2), 3], cut.Encode(Corpus), $"{most} tokens");
        }
    }

    [TestMethod]
    public void A_word_that_does_not_fit_is_cut_within()
    {
        WordPieceTokenizer cut = s_hand.With(s_hand.Settings with { MaxTokens = 4 });
        CollectionAssert.AreEqual(new[] { 2, 5, 7, 3 }, cut.Encode("unwanted"));
        CollectionAssert.AreEqual(new[] { 2, 5, 1, 3 }, cut.Encode("un unwantedx un"));
    }

    [TestMethod]
    public void Decoding_joins_words_and_leaves_special_tokens_out()
    {
        Assert.AreEqual("unwanted , running", s_hand.Decode(s_hand.Encode("Unwanted, running")));
        Assert.AreEqual("ed un", s_hand.Decode([8, 4, 5, 1, 0]));
        Assert.AreEqual("", s_hand.Decode([]));
        foreach (int id in new[] { -1, s_vocabulary.Length })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_hand.Decode([5, id])).Message, $"The id {id}");
    }

    [TestMethod]
    [DataRow("un [MASK] want[MASK].", new[] { 2, 5, 4, 6, 4, 1, 3 })]
    [DataRow("[MASK]want", new[] { 2, 4, 6, 3 })]
    [DataRow("[MASK][MASK]", new[] { 2, 4, 4, 3 })]
    [DataRow("un [mask]", new[] { 2, 5, 1, 1, 1, 3 })]
    [DataRow("", new[] { 2, 3 })]
    public void Masks_stand_where_they_are_written_and_nothing_is_cut(string text, int[] expected)
    {
        CollectionAssert.AreEqual(expected, s_hand.EncodeMasked(text));
        CollectionAssert.AreEqual(expected, s_hand.WithMaxTokens(3).EncodeMasked(text));
        CollectionAssert.AreEqual(expected[1..^1], s_hand.With(s_hand.Settings with { AddSpecialTokens = false }).EncodeMasked(text));
    }

    [TestMethod]
    public void Tokens_have_a_text_each()
    {
        CollectionAssert.AreEqual(s_vocabulary, Enumerable.Range(0, s_vocabulary.Length).Select(s_hand.TokenText).ToArray());
        foreach (int id in new[] { -1, s_vocabulary.Length })
            Assert.Contains($"The id {id}", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_hand.TokenText(id)).Message);
    }

    [TestMethod]
    public void The_most_tokens_can_be_set_anew()
    {
        WordPieceTokenizer cut = s_hand.WithMaxTokens(3);
        CollectionAssert.AreEqual(new[] { 2, 5, 3 }, cut.Encode("un want"));
        Assert.AreEqual(s_hand.Fingerprint, cut.Fingerprint);
        Assert.AreEqual(s_hand.Fingerprint, cut.WithMaxTokens(null).Fingerprint);
        Assert.Contains("above 2", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_hand.WithMaxTokens(2)).Message);
    }

    [TestMethod]
    public void Continuations_are_told_from_words()
    {
        int[] continuing = [.. Enumerable.Range(0, s_vocabulary.Length).Where(s_hand.IsContinuation)];
        CollectionAssert.AreEqual(new[] { 7, 8, 11, 14 }, continuing);
        Assert.IsFalse(Make([.. s_vocabulary, "##"]).IsContinuation(16));
    }

    [TestMethod]
    public void Special_tokens_come_first_and_text_never_gives_them()
    {
        CollectionAssert.AreEquivalent(
            new Dictionary<string, int> { ["pad"] = 0, ["unk"] = 1, ["cls"] = 2, ["sep"] = 3, ["mask"] = 4 }.ToArray(), s_learned.Value.SpecialTokens.ToArray());
        WordPieceTokenizer brackets = Learn(new WordPieceOptions { VocabularySize = 400, MinFrequency = 1, Lowercase = false }, "[PAD] [UNK] [CLS] [SEP] [MASK] [ SEP ] ##P").Tokenizer;
        int[] ids = brackets.Encode("[PAD] [UNK] [CLS] [SEP] [MASK] ##P")[1..^1];
        Assert.IsTrue(ids.All(id => id >= 5), string.Join(' ', ids));
        Assert.AreEqual("[ PAD ] [ UNK ] [ CLS ] [ SEP ] [ MASK ] # # P", brackets.Decode(ids));
    }

    [TestMethod]
    public void Words_of_learned_characters_come_back()
    {
        WordPieceTokenizer tokenizer = s_learned.Value;
        string letters = string.Concat(BertText.Normalize(Corpus, lowercase: true, stripAccents: true).Distinct());
        Gen<string> piece = Gen.Elements([.. letters.EnumerateRunes().Select(letter => letter.ToString())]);
        Prop.ForAll(piece.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            int[] ids = tokenizer.Encode(text);
            string expected = string.Join(' ', BertWords.Instance.PreTokenize(Normal(text)).Select(word => Normal(text).Substring(word.Offset, word.Length)));
            Assert.AreEqual(expected, tokenizer.Decode(ids), $"'{text}'");
            CollectionAssert.AreEqual(ids, tokenizer.Encode(tokenizer.Decode(ids)), $"'{text}' again");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

        string Normal(string text) => tokenizer.Settings.Normalize(text);
    }

    [TestMethod]
    public void Ids_are_those_of_the_longest_match_from_the_left()
    {
        HashSet<string> vocabulary = [.. Tokens(s_learned.Value)];
        Gen<string> text = Gen.Elements('t', 'h', 'e', 'c', 'a', 's', 'i', 'r', 'o', 'x').ArrayOf().Select(letters => new string(letters));
        Prop.ForAll(text.ToArbitrary(), word =>
            CollectionAssert.AreEqual(LongestMatches(word, vocabulary), s_learned.Value.Encode(word)[1..^1].Select(id => Tokens(s_learned.Value)[id]).ToArray(), word))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [TestMethod]
    public void Any_text_is_encoded()
    {
        Gen<string> letter = Gen.Frequency(
            (4, Gen.Choose(0, 0x7E).Select(c => ((char)c).ToString())),
            (3, Gen.Choose(0x80, 0xFFFF).Select(c => ((char)c).ToString())),
            (2, Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32)),
            (2, Gen.Elements("the", " cat", "'s", "  ", "[SEP]", "🐈‍⬛")));
        Prop.ForAll(letter.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            int[] ids = s_learned.Value.Encode(text);
            Assert.AreEqual((2, 3), (ids[0], ids[^1]));
            Assert.IsTrue(ids[1..^1].All(id => id == 1 || (id >= 5 && id < s_learned.Value.VocabularySize)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [TestMethod]
    public void Capitals_and_accents_are_told_apart_where_they_are_kept()
    {
        string[] vocabulary = [.. s_vocabulary[..5], "Éa", "éa", "ea", "Ea"];
        CollectionAssert.AreEqual(new[] { 2, 5, 6, 7, 8, 3 }, Make(vocabulary, new(Lowercase: false, StripAccents: false)).Encode("Éa éa ea Ea"));
        CollectionAssert.AreEqual(new[] { 2, 6, 6, 7, 7, 3 }, Make(vocabulary, new(Lowercase: true, StripAccents: false)).Encode("Éa éa ea Ea"));
        CollectionAssert.AreEqual(new[] { 2, 8, 7, 7, 8, 3 }, Make(vocabulary, new(Lowercase: false, StripAccents: true)).Encode("Éa éa ea Ea"));
        CollectionAssert.AreEqual(new[] { 2, 7, 7, 7, 7, 3 }, Make(vocabulary, new(Lowercase: true, StripAccents: true)).Encode("Éa éa ea Ea"));
    }

    [TestMethod]
    public void Two_threads_can_encode()
    {
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => $"the {i} cats sat on {i * 7919 % 1000} mats")];
        int[][] expected = [.. texts.Select(s_learned.Value.Encode)];
        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => CollectionAssert.AreEqual(expected[i], s_learned.Value.Encode(texts[i])));
    }

    [TestMethod]
    public void Json_is_that_of_hugging_face()
    {
        WordPieceTokenizer tokenizer = Make([.. s_vocabulary[..5], "a"], new(Lowercase: true, StripAccents: false, MaxTokens: 8));
        string added = string.Join(',', s_vocabulary[..5].Select((token, id) =>
            $$"""{"id":{{id}},"content":"{{token}}","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}"""));
        const string Single = """{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}""";
        Assert.AreEqual(
            $$$$"""
            {"version":"1.0","truncation":{"direction":"Right","max_length":8,"strategy":"LongestFirst","stride":0},"padding":null,"added_tokens":[{{{{added}}}}],
            "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":false,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},
            "post_processor":{"type":"TemplateProcessing","single":[{{{{Single}}}}],"pair":[{{{{Single}}}},{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}],
            "special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
            "decoder":{"type":"WordPiece","prefix":"##","cleanup":false},
            "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"a":5}}}
            """.ReplaceLineEndings(""),
            tokenizer.ToJson());
        Assert.AreEqual(TokenColumnInfo.FingerprintOf(tokenizer.ToJson()), tokenizer.Fingerprint);
    }

    [TestMethod]
    public void Json_makes_the_same_tokenizer_again()
    {
        WordPieceTokenizer full = Learn(new WordPieceOptions { VocabularySize = 300, MinFrequency = 1, Lowercase = false, StripAccents = true, AddSpecialTokens = false, MaxTokens = 30 }).Tokenizer;
        foreach (WordPieceTokenizer tokenizer in new[] { full, s_learned.Value, s_hand })
        {
            var again = (WordPieceTokenizer)TextTokenizer.FromJson(tokenizer.ToJson());
            Assert.AreEqual(tokenizer.ToJson(), again.ToJson());
            Assert.AreEqual(tokenizer.Fingerprint, again.Fingerprint);
            CollectionAssert.AreEqual(tokenizer.Encode(Corpus), again.Encode(Corpus));
            CollectionAssert.AreEquivalent(tokenizer.SpecialTokens.ToArray(), again.SpecialTokens.ToArray());
            Assert.IsTrue(WordPieceTokenizer.Made(tokenizer.ColumnInfo));
        }
        Assert.AreNotEqual(full.Fingerprint, s_learned.Value.Fingerprint);
    }

    private static string[] Tokens(WordPieceTokenizer tokenizer) => [.. WordPieceJsonReader.Read(tokenizer.ToJson()).Tokens];

    private static string[] LongestMatches(string word, HashSet<string> vocabulary)
    {
        List<string> tokens = [];
        while (word.Length > 0)
        {
            string prefix = tokens.Count == 0 ? "" : "##";
            int length = Enumerable.Range(1, word.Length).LastOrDefault(n => vocabulary.Contains(prefix + word[..n]));
            if (length == 0)
                return ["[UNK]"];
            tokens.Add(prefix + word[..length]);
            word = word[length..];
        }
        return [.. tokens];
    }

    private static WordPieceTokenizer Make(string[]? tokens = null, WordPieceSettings? settings = null) =>
        new(new WordPieceModel(tokens ?? s_vocabulary, new HashSet<int> { 0, 1, 2, 3, 4 }, settings ?? new WordPieceSettings(Lowercase: true, StripAccents: true)));

    private static WordPieceTransformer Learn(WordPieceOptions options, string text = Corpus)
    {
        var ml = new MLContext(seed: 1);
        options.InputColumnName = "Text";
        return ml.Transforms.Text.TokenizeWordPieces(options).Fit(ml.Data.LoadFromEnumerable(new[] { new TextRow { Text = text } }));
    }
}
