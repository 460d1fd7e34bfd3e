using System.Text.Json;
using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Tests.Networks;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>Model directories as a user loads and saves them: every causal fixture of tests/golden/hf scores and goes on as an independent program says.</summary>
[TestClass]
public sealed class HuggingFaceCatalogTests
{
    private const double Tolerance = 1e-4;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetext-hf-").FullName;

    private static IEnumerable<object[]> Models => ModelFixture.Causal;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_fixture_scores_and_goes_on_as_expected_and_comes_back_equal_from_both_formats(string name)
    {
        var fixture = new ModelFixture(name);
        using CausalLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFace(fixture.Path);
        double[][] expected = fixture.Ragged("token_log_probs");
        TokenRow[] rows = [.. Ids(fixture, "input_ids").Zip(expected, (ids, scores) => new TokenRow { Tokens = ids[..(scores.Length + 1)] })];

        IReadOnlyList<float[]> scored = model.LogProbabilities([.. rows.Select(r => r.Tokens)]);
        SentencePrediction[] predicted = Predict(model, rows);
        for (int row = 0; row < rows.Length; row++)
        {
            for (int t = 0; t < expected[row].Length; t++)
                Assert.AreEqual(expected[row][t], scored[row][t], Tolerance, $"row {row}, token {t + 1}");
            Assert.AreEqual(expected[row].Length, predicted[row].TokenCount);
            Assert.AreEqual(-expected[row].Sum(), predicted[row].NegativeLogLikelihood, Tolerance * expected[row].Length);
        }

        int[] prompt = Ids(fixture, "greedy", "prompt").Single(), continuation = Ids(fixture, "greedy", "continuation").Single();
        var options = new GenerationOptions { MaxNewTokens = continuation.Length };
        CollectionAssert.AreEqual(continuation, model.Generate([prompt], options)[0]);

        string path = Path.Combine(_folder, "saved");
        model.SaveHuggingFace(path);
        using CausalLanguageModelTransformer again = _ml.LanguageModeling.LoadHuggingFace(path, "Tokens");
        using var loaded = (CausalLanguageModelTransformer)DamagedModel.Load(DamagedModel.Save(model, _ml.Data.LoadFromEnumerable(rows).Schema));
        foreach (CausalLanguageModelTransformer other in new[] { again, loaded })
        {
            Assert.AreEqual(JsonSerializer.Serialize(model.Model.State), JsonSerializer.Serialize(other.Model.State));
            CollectionAssert.AreEqual(scored.SelectMany(s => s).ToArray(), other.LogProbabilities([.. rows.Select(r => r.Tokens)]).SelectMany(s => s).ToArray());
            CollectionAssert.AreEqual(predicted.Select(p => p.NegativeLogLikelihood).ToArray(), Predict(other, rows).Select(p => p.NegativeLogLikelihood).ToArray());
            CollectionAssert.AreEqual(continuation, other.Generate([prompt], options)[0]);
        }
    }

    [TestMethod]
    [DataRow(DecoderFamily.Llama)]
    [DataRow(DecoderFamily.Gpt2)]
    public void A_trained_model_comes_back_with_its_tokenizer_and_end(DecoderFamily family)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(SentenceRow.Many(160));
        IDataView tokens = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261, addEos: true).Fit(rows).Transform(rows);
        using CausalLanguageModelTransformer model = TinyModel.Fit(family, epochs: 4, data: tokens);
        string path = Path.Combine(_folder, "saved");
        model.SaveHuggingFace(path);
        Assert.AreEqual(
            $$"""{"model_max_length":{{model.ContextLength}},"bos_token":"<|bos|>","eos_token":"<|eos|>","unk_token":"<|unk|>","pad_token":"<|pad|>","mask_token":"<|mask|>","tokenizer_class":"PreTrainedTokenizerFast"}""",
            File.ReadAllText(Path.Combine(path, "tokenizer_config.json")));
        using CausalLanguageModelTransformer again = _ml.LanguageModeling.LoadHuggingFace(path, "Words");
        Assert.AreEqual(("Words", family, model.WeightCount), (again.TokensColumnName, again.Family, again.WeightCount));
        Assert.AreEqual(model.Tokenizer!.Fingerprint, again.Tokenizer!.Fingerprint);
        Assert.AreEqual(model.Tokenizer.SpecialTokens["eos"], again.Model.State.EndId);
        var options = new GenerationOptions { MaxNewTokens = 12, Temperature = 1, Seed = 2 };
        CollectionAssert.AreEqual(model.GenerateText(["adg", "b", "cfi"], options).ToArray(), again.GenerateText(["adg", "b", "cfi"], options).ToArray());
    }

    [TestMethod]
    [DataRow("gpt2_tiny", "scale_attn_by_inverse_layer_idx", "true")]
    [DataRow("gpt2_tiny", "some_new_trick", "\"on\"")]
    [DataRow("llama_tiny_gqa", "sliding_window", "16")]
    [DataRow("llama_tiny_tied_llama3rope", "attention_sinks", "4")]
    public void An_unknown_key_is_refused_by_name(string fixture, string key, string value)
    {
        using TemporaryModel model = new TemporaryModel(fixture).WithConfig(key, value);
        StringAssert.Contains(Refused<NotSupportedException>(model), $"'{key}'");
    }

    [TestMethod]
    public void A_family_that_is_no_decoder_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<NotSupportedException>(() => _ml.LanguageModeling.LoadHuggingFace(new ModelFixture("bert_tiny").Path)).Message, "'model_type' to \"bert\"");

    [TestMethod]
    public void Damaged_weights_are_named_and_leave_no_tensor()
    {
        string sharded = Path.Combine("llama_tiny_gqa", "sharded");
        const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";
        string Fails<T>(string fixture, Action<TemporaryModel> damage)
            where T : Exception
        {
            using TemporaryModel model = new(fixture);
            damage(model);
            return Refused<T>(model);
        }

        string cut = Fails<InvalidDataException>(sharded, m => m.Cut(Second));
        StringAssert.Contains(cut, Second);
        StringAssert.Contains(cut, "but the file has only");
        StringAssert.Contains(Fails<InvalidDataException>("gpt2_tiny", m => m.Cut("model.safetensors")), "but the file has only");
        // The first shard once more in the place of the second.
        StringAssert.Contains(Fails<InvalidDataException>(sharded, m => File.Copy(m.File(First), m.File(Second), overwrite: true)), Second);
        StringAssert.Contains(Fails<InvalidDataException>(sharded, m => m.WithWeights(w => w["model.norm.weight"] = torch.zeros(16), Second)), "model.norm.weight [16], expected [32]");
        StringAssert.Contains(Fails<InvalidDataException>(sharded, m => m.WithWeights(w => w.Remove("model.norm.weight"), Second)), "'model.norm.weight'");
        StringAssert.Contains(Fails<FileNotFoundException>(sharded, m => File.Delete(m.File(Second))), $"lacks {Second}");
        StringAssert.Contains(Fails<InvalidDataException>("gpt2_tiny", m => m.WithWeights(w => w.Remove("h.1.mlp.c_fc.weight"))), "1 missing:\n  h.1.mlp.c_fc.weight [32, 128]");
        StringAssert.Contains(Fails<InvalidDataException>("gpt2_tiny", m => m.WithConfig("n_embd", "36")), "h.0.attn.c_attn.bias [96], expected [108]");
    }

    [TestMethod]
    public void A_tokenizer_that_cannot_be_used_is_warned_of_and_ids_still_work()
    {
        string larger = TinyModel.Tokenizer(_ml).Tokenizer.ToJson();
        foreach ((string tokenizer, string reason) in new[] { ("{\"model\":{\"type\":\"Unigram\"}}", "cannot be used"), ("{", "cannot be used"), (larger, "it has 261 tokens, but the model knows 97") })
        {
            using TemporaryModel directory = new("llama_tiny_gqa");
            File.WriteAllText(directory.File("tokenizer.json"), tokenizer);
            List<string> warnings = Warnings(out MLContext ml);
            using CausalLanguageModelTransformer model = ml.LanguageModeling.LoadHuggingFace(directory.Path);
            Assert.ContainsSingle(w => w.Contains(reason, StringComparison.Ordinal), warnings, reason);
            Assert.IsNull(model.Tokenizer);
            Assert.HasCount(3, model.Generate([[1, 2]], new GenerationOptions { MaxNewTokens = 3, StopAtEnd = false })[0]);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => model.GenerateText(["a"])).Message, "has no tokenizer");
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => model.Generate([[1]], new GenerationOptions { MaxNewTokens = 3, StopStrings = ["a"] })).Message, "StopStrings needs a model with a tokenizer");
        }
    }

    [TestMethod]
    [DataRow("97", "97")]
    [DataRow("-1", "-1")]
    [DataRow("[50256, 2, 97, 3]", "50256, 97", 2, 3)]
    public void An_end_token_outside_the_vocabulary_is_warned_of_and_ends_nothing(string id, string unknown, params int[] known)
    {
        using TemporaryModel directory = new TemporaryModel("gpt2_tiny").WithConfig("eos_token_id", id);
        List<string> warnings = Warnings(out MLContext ml);
        using CausalLanguageModelTransformer model = ml.LanguageModeling.LoadHuggingFace(directory.Path);
        Assert.ContainsSingle(w => w.Contains($"'eos_token_id' to {unknown}, which", StringComparison.Ordinal), warnings);
        CollectionAssert.AreEqual(known, model.Model.State.EndIds.ToArray());
        using var again = (IDisposable)DamagedModel.Load(DamagedModel.Save(model, ml.Data.LoadFromEnumerable<TokenRow>([]).Schema));
    }

    [TestMethod]
    public void Any_of_several_end_tokens_ends_a_continuation_and_all_are_saved()
    {
        var fixture = new ModelFixture("llama_tiny_gqa");
        int[] prompt = Ids(fixture, "greedy", "prompt").Single(), continuation = Ids(fixture, "greedy", "continuation").Single();
        int[] ends = [Enumerable.Range(0, 97).First(id => !continuation.Contains(id)), continuation[^2], continuation[^1]];
        using TemporaryModel directory = new TemporaryModel("llama_tiny_gqa").WithConfig("eos_token_id", $"[{string.Join(", ", ends)}]");
        using CausalLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFace(directory.Path);
        string path = Path.Combine(_folder, "saved");
        model.SaveHuggingFace(path);
        using CausalLanguageModelTransformer again = _ml.LanguageModeling.LoadHuggingFace(path);
        using var loaded = (CausalLanguageModelTransformer)DamagedModel.Load(DamagedModel.Save(model, _ml.Data.LoadFromEnumerable<TokenRow>([]).Schema));
        int[] expected = [.. continuation.TakeWhile(id => !ends.Contains(id))];
        Assert.IsLessThan(continuation.Length, expected.Length);
        foreach (CausalLanguageModelTransformer other in new[] { model, again, loaded })
        {
            CollectionAssert.AreEqual(ends, other.Model.State.EndIds.ToArray());
            Assert.AreEqual(ends[0], other.Model.State.EndId);
            CollectionAssert.AreEqual(expected, other.Generate([prompt], new GenerationOptions { MaxNewTokens = continuation.Length })[0]);
            CollectionAssert.AreEqual(continuation, other.Generate([prompt], new GenerationOptions { MaxNewTokens = continuation.Length, StopAtEnd = false })[0]);
        }

        Assert.DoesNotContain(id => ends.Contains(id), model.Generate([prompt], new GenerationOptions { MaxNewTokens = continuation.Length, Beams = 4 })[0]);
    }

    [TestMethod]
    public async Task Ids_behind_the_tokenizers_have_no_text()
    {
        using CausalLanguageModelTransformer trained = TinyModel.Fit(epochs: 1);
        string path = Path.Combine(_folder, "saved");
        trained.SaveHuggingFace(path);
        // As published models are: the vocabulary is padded, here so that one of the ids behind is always the most likely.
        string config = Path.Combine(path, "config.json"), weights = Path.Combine(path, "model.safetensors");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"vocab_size\": 261", "\"vocab_size\": 264", StringComparison.Ordinal));
        File.WriteAllBytes(weights, DamagedModel.Change(File.ReadAllBytes(weights), w =>
        {
            torch.Tensor embedding = w["model.embed_tokens.weight"];
            w["model.embed_tokens.weight"] = torch.cat([embedding, 100 * embedding[^1..], -100 * embedding[^1..], embedding[^1..]]);
        }));
        using CausalLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFace(path);
        Assert.AreEqual((264, 261), (model.VocabularySize, model.Tokenizer!.VocabularySize));
        int[] ids = model.Generate([model.Encode("adg")], new GenerationOptions { MaxNewTokens = 6 })[0];
        Assert.IsTrue(ids.Any(id => id >= 261), string.Join(' ', ids));
        string expected = model.Tokenizer.Decode([.. ids.Where(id => id < 261)]);
        Assert.AreEqual(expected, model.GenerateText(["adg"], new GenerationOptions { MaxNewTokens = 6 })[0]);
        Assert.AreEqual(expected, model.GenerateText(["adg"], new GenerationOptions { MaxNewTokens = 6, StopStrings = ["never"] })[0]);
        string streamed = "";
        await foreach (string piece in model.GenerateTextAsync("adg", new GenerationOptions { MaxNewTokens = 6 }))
            streamed += piece;
        Assert.AreEqual(expected, streamed);
    }

    [TestMethod]
    public void A_folder_that_is_no_model_is_not_loaded_and_one_that_holds_more_is_not_replaced()
    {
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => _ml.LanguageModeling.LoadHuggingFace(Path.Combine(_folder, "none")));
        Assert.ThrowsExactly<FileNotFoundException>(() => _ml.LanguageModeling.LoadHuggingFace(_folder));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.LoadHuggingFace(" "));
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "mine");
        CausalLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFace(new ModelFixture("llama_tiny_gqa").Path);
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => model.SaveHuggingFace(_folder)).Message, "'notes.txt', which would be lost");
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.SaveHuggingFace(Path.Combine(_folder, "new")));
        CollectionAssert.AreEqual((string[])["notes.txt"], Directory.GetFileSystemEntries(_folder).Select(f => Path.GetFileName(f)).ToArray());
    }

    private static List<string> Warnings(out MLContext ml)
    {
        var warnings = new List<string>();
        ml = new MLContext(seed: 1);
        ml.Log += (_, e) => warnings.Add(e.Message);
        return warnings;
    }

    private static int[][] Ids(ModelFixture fixture, params string[] path)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor ids = fixture.Ids(path);
        return [.. ids.data<long>().ToArray().Select(id => (int)id).Chunk((int)ids.shape[^1])];
    }

    private SentencePrediction[] Predict(CausalLanguageModelTransformer model, TokenRow[] rows) =>
        [.. _ml.Data.CreateEnumerable<SentencePrediction>(model.Transform(_ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    private string Refused<T>(TemporaryModel model)
        where T : Exception
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        string message = Assert.ThrowsExactly<T>(() => _ml.LanguageModeling.LoadHuggingFace(model.Path)).Message;
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount, $"tensors left: {message}");
        return message;
    }

    private sealed class TokenRow
    {
        public int[] Tokens { get; set; } = [];
    }
}
