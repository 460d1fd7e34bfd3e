using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Tests.Networks;
using MLNetExt.Tokenization;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>Directories of encoders as a user loads and saves them.</summary>
[TestClass]
public sealed class HuggingFaceEncoderTests
{
    private const string Fixture = "bert_tiny";
    private const double Tolerance = 1e-4;

    private static readonly string[] s_pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##c", "É", "e"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetext-hf-").FullName;

    public HuggingFaceEncoderTests() => _ml.Log += (_, e) => _warnings.Add(e.Message);

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_fixture_predicts_as_expected_and_comes_back_equal_from_both_formats()
    {
        using var scope = torch.NewDisposeScope();
        var fixture = new ModelFixture(Fixture);
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(fixture.Path);
        Assert.AreEqual((97, 64, 2, 32), (model.VocabularySize, model.ContextLength, model.Layers, model.Width));
        Assert.IsNull(model.Tokenizer);
        MaskedSequence[] rows = Rows(fixture);
        IReadOnlyList<MaskedTokenScores> scored = model.Score(rows);
        torch.Tensor logits = fixture.Values("mlm_logits_at_masked"), vectors = fixture.Values("last_hidden_state");
        long[] expected = [.. fixture.Ids("mlm_argmax_at_masked").data<long>()];
        float[] logProbabilities = [.. scored.SelectMany(s => s.LogProbabilities)];
        Assert.HasCount(expected.Length, logProbabilities);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(torch.nn.functional.log_softmax(logits[i], 0)[expected[i]].item<double>(), logProbabilities[i], Tolerance, $"mask {i}");
        for (int row = 0; row < rows.Length; row++)
        {
            double[] hidden = [.. vectors[row].narrow(0, 0, rows[row].Inputs.Length).flatten().data<double>()];
            for (int i = 0; i < hidden.Length; i++)
                Assert.AreEqual(hidden[i], scored[row].Vectors[i], Tolerance);
        }

        string path = Path.Combine(_folder, "saved"), second = Path.Combine(_folder, "second");
        model.SaveHuggingFace(path);
        using MaskedLanguageModelTransformer again = _ml.LanguageModeling.LoadHuggingFaceEncoder(path);
        again.SaveHuggingFace(second);
        AssertSameFiles(path, second);
        using var loaded = (MaskedLanguageModelTransformer)DamagedModel.Load(DamagedModel.Save(model, _ml.Data.LoadFromEnumerable(SentenceRow.Many(1)).Schema));
        foreach (MaskedLanguageModelTransformer other in new[] { again, loaded })
        {
            Assert.AreEqual(model.Model.State, other.Model.State);
            CollectionAssert.AreEqual(logProbabilities, other.Score(rows).SelectMany(s => s.LogProbabilities).ToArray());
            CollectionAssert.AreEqual(model.Weights(), other.Weights());
        }
    }

    [TestMethod]
    public void A_trained_encoder_comes_back_with_its_tokenizer()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(48));
        IDataView tokens = _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", VocabularySize = 60, Lowercase = false, MaxTokens = 12 }).Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o => (o.Network.Family, o.Network.Dropout) = (EncoderFamily.Bert, 0.25), tokens);
        string path = Path.Combine(_folder, "saved"), second = Path.Combine(_folder, "second");
        model.SaveHuggingFace(path);
        CollectionAssert.AreEquivalent((string[])["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt"], Files(path));
        using MaskedLanguageModelTransformer again = _ml.LanguageModeling.LoadHuggingFaceEncoder(path, pooling: EncoderPooling.FirstToken);
        again.SaveHuggingFace(second);
        AssertSameFiles(path, second);
        Assert.AreEqual("""{"model_max_length":16,"unk_token":"[UNK]","sep_token":"[SEP]","pad_token":"[PAD]","cls_token":"[CLS]","mask_token":"[MASK]","tokenizer_class":"BertTokenizer","do_lower_case":false,"strip_accents":false,"tokenize_chinese_chars":true}""", File.ReadAllText(Path.Combine(path, "tokenizer_config.json")));
        Assert.AreEqual(model.TokenizerFingerprint, again.TokenizerFingerprint);
        Assert.AreEqual(model.Model.Network.Options, again.Model.Network.Options);
        CollectionAssert.AreEqual(model.Weights(), again.Weights());
        using MaskedLanguageModelTransformer averaged = _ml.LanguageModeling.LoadHuggingFaceEncoder(path);
        CollectionAssert.AreEqual(Embeddings(model, tokens), Embeddings(averaged, tokens));
        CollectionAssert.AreNotEqual(Embeddings(model, tokens), Embeddings(again, tokens));
        Assert.IsEmpty(_warnings.Where(w => w.Contains(path, StringComparison.Ordinal)));

        // The same word pieces without tokenizer.json, which alone knows where texts are cut.
        File.Delete(Path.Combine(path, "tokenizer.json"));
        using MaskedLanguageModelTransformer pieces = _ml.LanguageModeling.LoadHuggingFaceEncoder(path, maxTokens: 12);
        Assert.AreEqual(model.TokenizerFingerprint, pieces.TokenizerFingerprint);
    }

    [TestMethod]
    [DataRow(null, true, true)]
    [DataRow("{}", true, true)]
    [DataRow("{\"do_lower_case\": false}", false, false)]
    [DataRow("{\"do_lower_case\": false, \"strip_accents\": true, \"model_max_length\": 512}", false, true)]
    [DataRow("{\"strip_accents\": null, \"do_lower_case\": true}", true, true)]
    public void A_vocabulary_is_read_as_its_settings_say(string? settings, bool lowercase, bool stripAccents)
    {
        using TemporaryModel directory = new(Fixture);
        File.WriteAllLines(directory.File("vocab.txt"), s_pieces);
        if (settings is not null)
            File.WriteAllText(directory.File("tokenizer_config.json"), settings);
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        var tokenizer = (WordPieceTokenizer)model.Tokenizer!;
        Assert.AreEqual((lowercase, stripAccents, s_pieces.Length), (tokenizer.Lowercase, tokenizer.StripAccents, tokenizer.VocabularySize));
        // É is e where accents go and case too, a token where neither does.
        CollectionAssert.AreEqual((int[])[2, 6, 7, lowercase ? 9 : stripAccents ? 1 : 8, 3], tokenizer.Encode("bc É"));
    }

    [TestMethod]
    public void Texts_are_cut_where_one_asks_for_it()
    {
        using TemporaryModel directory = new(Fixture);
        File.WriteAllLines(directory.File("vocab.txt"), s_pieces);
        using MaskedLanguageModelTransformer whole = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path), cut = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path, maxTokens: 4);
        CollectionAssert.AreEqual((int[])[2, 5, 5, 3], cut.Tokenizer!.Encode("a a a a"));
        Assert.AreEqual(whole.TokenizerFingerprint, cut.TokenizerFingerprint);
        IDataView rows = _ml.Data.LoadFromEnumerable(new[] { new SentenceRow { Sentence = string.Join(' ', Enumerable.Repeat("a", 100)) } });
        IDataView Tokens(MaskedLanguageModelTransformer model) =>
            _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", Tokenizer = (WordPieceTokenizer)model.Tokenizer! }).Fit(rows).Transform(rows);
        Assert.IsTrue(Embeddings(cut, Tokens(cut)).All(float.IsFinite));
        Assert.Contains("64 positions", Assert.Throws<Exception>(() => Embeddings(whole, Tokens(whole))).GetBaseException().Message);
        Assert.Contains("64", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path, maxTokens: 65)).Message);
        Assert.Contains("above 2", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path, maxTokens: 2)).Message);
        Assert.Contains("no tokenizer", Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(new ModelFixture(Fixture).Path, maxTokens: 8)).Message);
    }

    [TestMethod]
    public void An_encoder_without_a_tokenizer_is_warned_of_and_none_is_learned_in_its_place()
    {
        using TemporaryModel directory = new(Fixture);
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        Assert.ContainsSingle(w => w.Contains("has no tokenizer.json and no vocab.txt", StringComparison.Ordinal), _warnings);
        var missing = Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", model.Tokenizer));
        Assert.Contains("came without one", missing.Message);
    }

    [TestMethod]
    public void Text_is_cut_by_the_loaded_tokenizer()
    {
        using TemporaryModel directory = new(Fixture);
        File.WriteAllLines(directory.File("vocab.txt"), s_pieces);
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        IDataView rows = _ml.Data.LoadFromEnumerable([new SentenceRow { Sentence = "a a a a" }]);
        int[] Ids(int? maxTokens) => _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", model.Tokenizer, maxTokens).Fit(rows).Transform(rows).GetColumn<int[]>("Tokens").Single();
        CollectionAssert.AreEqual(model.Tokenizer!.Encode("a a a a"), Ids(null));
        CollectionAssert.AreEqual((int[])[2, 5, 5, 3], Ids(4));
        IDataView letters = _ml.Data.LoadFromEnumerable(SentenceRow.Many(4));
        var pairs = BytePairTokenizer.FromJson(_ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261).Fit(letters).TokenizerJson);
        Assert.Contains("TokenizeBytePairs", Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", pairs)).Message);
    }

    [TestMethod]
    [DataRow("tokenizer.json", "{\"model\":{\"type\":\"Unigram\"}}", "'model.type' is Unigram")]
    [DataRow("tokenizer.json", "{", "damaged")]
    [DataRow("vocab.txt", "a\nb", "no special token '[PAD]'")]
    [DataRow("tokenizer_config.json", "{\"tokenize_chinese_chars\": false}", "'tokenize_chinese_chars' to false")]
    [DataRow("tokenizer_config.json", "{\"do_basic_tokenize\": false}", "'do_basic_tokenize' to false")]
    [DataRow("tokenizer_config.json", "{\"do_lower_case\": 1}", "'do_lower_case' to 1")]
    public void A_tokenizer_that_cannot_be_used_is_warned_of_and_ids_still_work(string file, string content, string reason)
    {
        using TemporaryModel directory = new(Fixture);
        File.WriteAllLines(directory.File("vocab.txt"), s_pieces);
        File.WriteAllText(directory.File(file), content);
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        Assert.ContainsSingle(w => w.Contains(reason, StringComparison.Ordinal) && w.Contains("cannot be used", StringComparison.Ordinal), _warnings);
        Assert.IsNull(model.Tokenizer);
        Assert.HasCount(1, model.Score([new([1, 2], [-1, 3])])[0].LogProbabilities);
    }

    [TestMethod]
    public void A_tokenizer_of_more_tokens_than_the_encoder_knows_is_warned_of()
    {
        using TemporaryModel directory = new(Fixture);
        File.WriteAllLines(directory.File("vocab.txt"), s_pieces.Concat(Enumerable.Range(0, 97).Select(i => $"w{i}")));
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        Assert.ContainsSingle(w => w.Contains("it has 107 tokens, but the model knows 97", StringComparison.Ordinal), _warnings);
    }

    [TestMethod]
    public void A_directory_without_a_head_is_warned_of()
    {
        using TemporaryModel bare = new TemporaryModel(Fixture).WithWeights(w =>
        {
            foreach (string name in w.Keys.Where(n => n.StartsWith("cls.", StringComparison.Ordinal)).ToArray())
                w.Remove(name);
        });
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(bare.Path), whole = _ml.LanguageModeling.LoadHuggingFaceEncoder(new ModelFixture(Fixture).Path);
        Assert.ContainsSingle(w => w.Contains("cls.predictions.*", StringComparison.Ordinal), _warnings);
        CollectionAssert.AreEqual(whole.Score([new([1, 2], [-1, -1])])[0].Vectors, model.Score([new([1, 2], [-1, -1])])[0].Vectors);
    }

    [TestMethod]
    public void A_model_of_the_other_kind_is_refused_with_the_call_that_reads_it()
    {
        void Refused(string part, Action load)
        {
            string message = Assert.ThrowsExactly<NotSupportedException>(load).Message;
            Assert.Contains(part, message);
        }

        Refused("'model_type' to \"gpt2\", which is not supported: it must be one of bert; mlContext.LanguageModeling.LoadHuggingFace reads gpt2 and llama.", () => _ml.LanguageModeling.LoadHuggingFaceEncoder(new ModelFixture("gpt2_tiny").Path));
        Refused("LoadHuggingFace reads", () => _ml.LanguageModeling.LoadHuggingFaceEncoder(new ModelFixture("llama_tiny_gqa").Path));
        Refused("'model_type' to \"bert\", which is not supported: it must be one of gpt2, llama; mlContext.LanguageModeling.LoadHuggingFaceEncoder reads bert.", () => _ml.LanguageModeling.LoadHuggingFace(new ModelFixture(Fixture).Path));
    }

    [TestMethod]
    [DataRow(EncoderFamily.PreNorm, false)]
    [DataRow(EncoderFamily.Bert, true)]
    public void An_encoder_that_is_not_BERT_is_not_written(EncoderFamily family, bool stem)
    {
        using MaskedLanguageModelTransformer model = TinyEncoder.Fit(_ml, o => (o.Network.Family, o.Network.LocalStem) = (family, stem));
        string message = Assert.ThrowsExactly<NotSupportedException>(() => model.SaveHuggingFace(Path.Combine(_folder, "saved"))).Message;
        Assert.Contains("encoders of Network.Family Bert without Network.LocalStem have one, and mlContext.Model.Save saves any", message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void A_folder_that_is_no_model_is_not_loaded_and_one_that_holds_more_is_not_replaced()
    {
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(Path.Combine(_folder, "none")));
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(_folder));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(" "));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.LoadHuggingFaceEncoder(_folder, pooling: (EncoderPooling)9));
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "mine");
        MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(new ModelFixture(Fixture).Path);
        Assert.Contains("'notes.txt', which would be lost", Assert.ThrowsExactly<IOException>(() => model.SaveHuggingFace(_folder)).Message);
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.SaveHuggingFace(Path.Combine(_folder, "new")));
        CollectionAssert.AreEqual((string[])["notes.txt"], Files(_folder));
    }

    [TestMethod]
    public void Training_goes_on_from_a_directory()
    {
        using TemporaryModel directory = new(Fixture);
        File.WriteAllLines(directory.File("vocab.txt"), s_pieces);
        using MaskedLanguageModelTransformer start = _ml.LanguageModeling.LoadHuggingFaceEncoder(directory.Path);
        IDataView texts = _ml.Data.LoadFromEnumerable(new[] { new SentenceRow { Sentence = "a b bc e a" }, new SentenceRow { Sentence = "e e ac a b" } });
        IDataView tokens = _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", Tokenizer = (WordPieceTokenizer)start.Tokenizer! }).Fit(texts).Transform(texts);
        using MaskedLanguageModelTransformer trained = TinyEncoder.Fit(_ml, o => o.Pretrained = start, tokens);
        Assert.AreEqual(start.Model.Network.Options, trained.Model.Network.Options);
        CollectionAssert.AreNotEqual(start.Weights(), trained.Weights());
        trained.SaveHuggingFace(Path.Combine(_folder, "trained"));
        using MaskedLanguageModelTransformer again = _ml.LanguageModeling.LoadHuggingFaceEncoder(Path.Combine(_folder, "trained"));
        CollectionAssert.AreEqual(trained.Weights(), again.Weights());
    }

    /// <summary>The fixture's rows without padding; what is to be predicted is what an independent program found likeliest.</summary>
    private static MaskedSequence[] Rows(ModelFixture fixture)
    {
        int[][] Read(string key) => [.. fixture.Ids(key).data<long>().ToArray().Select(id => (int)id).Chunk((int)fixture.Ids(key).shape[^1])];
        int[][] ids = Read("input_ids"), types = Read("token_type_ids"), masked = Read("masked_positions");
        int[] lengths = [.. Read("attention_mask").Select(row => row.Sum())];
        int[][] targets = [.. ids.Select(row => Enumerable.Repeat(-1, row.Length).ToArray())];
        foreach ((int[] place, long id) in masked.Zip(fixture.Ids("mlm_argmax_at_masked").data<long>().ToArray()))
            targets[place[0]][place[1]] = (int)id;
        return [.. ids.Select((row, i) => new MaskedSequence(row[..lengths[i]], targets[i][..lengths[i]], Types: types[i][..lengths[i]]))];
    }

    private static float[] Embeddings(MaskedLanguageModelTransformer model, IDataView tokens) => [.. model.Transform(tokens).GetColumn<float[]>("Embedding").SelectMany(e => e)];

    private static string[] Files(string path) => [.. Directory.GetFileSystemEntries(path).Select(f => Path.GetFileName(f)!)];

    private static void AssertSameFiles(string expected, string actual)
    {
        CollectionAssert.AreEquivalent(Files(expected), Files(actual));
        foreach (string file in Files(expected))
            CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(expected, file)), File.ReadAllBytes(Path.Combine(actual, file)), file);
    }
}
