using System.Text.Json;
using MLNetExt.Networks;
using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>Directories of BERT: what an independent program computed of one, and the many forms that files have.</summary>
[TestClass]
public sealed class BertDirectoryTests
{
    private const string Fixture = "bert_tiny";
    private const double Tolerance = 1e-4;

    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetext-save-").FullName;

    private static IEnumerable<object[]> Forms => s_forms.Keys.Select(name => new object[] { name });

    private static readonly Dictionary<string, Action<Dictionary<string, Tensor>>> s_forms = new()
    {
        ["names of the first release"] = w => Rename(w, name => name.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta")),
        ["no prefix"] = w => Rename(w, name => name.StartsWith("bert.", StringComparison.Ordinal) ? name["bert.".Length..] : name),
        ["no buffer and no head for the next sentence"] = w => Remove(w, "bert.embeddings.position_ids", "cls.seq_relationship."),
        ["the tied weights once more"] = w =>
        {
            w["cls.predictions.decoder.weight"] = w["bert.embeddings.word_embeddings.weight"].clone();
            w["cls.predictions.decoder.bias"] = w["cls.predictions.bias"].clone();
        },
    };

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Hidden_states_pooled_vectors_and_predictions_are_the_fixtures() => Run((fixture, network) =>
    {
        Tensor ids = fixture.Ids("input_ids"), isToken = fixture.Ids("attention_mask").eq(1), masked = fixture.Ids("masked_positions");

        Tensor last = network.Hidden(ids, isToken, fixture.Ids("token_type_ids")).Last;

        AssertClose(fixture.Values("last_hidden_state")[isToken], last[isToken]);
        AssertClose(fixture.Values("pooler_output"), network.Pooled(last));
        AssertClose(fixture.Values("logits")[isToken], network.Logits(last)[isToken]);
        Tensor logits = network.Logits(last[masked.select(1, 0), masked.select(1, 1)]);
        AssertClose(fixture.Values("mlm_logits_at_masked"), logits);
        CollectionAssert.AreEqual(fixture.Ids("mlm_argmax_at_masked").data<long>().ToArray(), logits.argmax(1).data<long>().ToArray());
        Tensor predictions = network.Predictions(last[masked.select(1, 0), masked.select(1, 1)]);
        AssertClose(fixture.Values("mlm_logits_at_masked"), predictions.matmul(network.HeadWeight.t()) + network.HeadBias);
    });

    [TestMethod]
    public void All_tokens_selected_give_the_fixtures_hidden_states_too() => Run((fixture, network) =>
    {
        Tensor ids = fixture.Ids("input_ids"), isToken = fixture.Ids("attention_mask").eq(1);
        TokenSelection all = Selections.Random((int)ids.shape[0], (int)ids.shape[1], (int)ids.shape[1]);
        AssertClose(fixture.Values("last_hidden_state")[isToken], network.Hidden(ids, isToken, fixture.Ids("token_type_ids"), all).Last[isToken]);
    });

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void Every_form_of_the_files_is_read_alike(string form)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using TemporaryModel model = new TemporaryModel(Fixture).WithWeights(s_forms[form]);
        using EncoderNetwork expected = Open(new ModelFixture(Fixture).Path).Load(generator), actual = Open(model.Path).Load(generator);
        AssertSame(expected, actual);
    }

    [TestMethod]
    public void Parts_that_the_files_lack_start_anew_and_are_told()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using EncoderNetwork whole = Open(new ModelFixture(Fixture).Path).Load(generator);
        using TemporaryModel bare = new TemporaryModel(Fixture).WithWeights(w => Remove(w, "cls."));
        using TemporaryModel masked = new TemporaryModel(Fixture).WithWeights(w => Remove(w, "bert.pooler.", "cls.seq_relationship."));

        ModelDirectory<EncoderOptions, EncoderNetwork> directory = Open(bare.Path);
        Assert.IsTrue(directory.Options.HasPooler);
        using (EncoderNetwork network = directory.Load(generator))
        {
            Dictionary<string, Tensor> initial = network.state_dict().ToDictionary(w => w.Key, w => w.Value.clone());
            CollectionAssert.AreEqual((string[])["cls.predictions."], directory.ReadInto(network).ToArray());
            Assert.IsTrue(initial["prediction.weight"].Equals(network.state_dict()["prediction.weight"]));
            Assert.IsTrue(whole.HeadWeight.Equals(network.HeadWeight));
        }

        directory = Open(masked.Path);
        Assert.IsFalse(directory.Options.HasPooler);
        using (var network = new EncoderNetwork(directory.Options with { HasPooler = true }, generator))
            CollectionAssert.AreEqual((string[])["pooler."], directory.ReadInto(network).ToArray());
        using (var network = new EncoderNetwork(whole.Options with { HasPooler = false }, generator))
            Assert.IsEmpty(Open(new ModelFixture(Fixture).Path).ReadInto(network), "a pooler that the network has no place for is passed over");
    }

    [TestMethod]
    public void Weights_that_do_not_fit_are_reported()
    {
        void Fails(Action<Dictionary<string, Tensor>> change, string message)
        {
            using var generator = new Generator(1);
            using TemporaryModel model = new TemporaryModel(Fixture).WithWeights(change);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Open(model.Path).Load(generator)).Message, message);
        }

        Fails(w => w.Remove("cls.predictions.bias"), "1 missing:\n  cls.predictions.bias [97]");
        Fails(w => w.Remove("bert.pooler.dense.bias"), "1 missing:\n  pooler.dense.bias [32]");
        Fails(w => w.Remove("bert.encoder.layer.1.attention.self.key.weight"), "1 missing:\n  encoder.layer.1.attention.self.key.weight [32, 32]");
        Fails(w => w["classifier.weight"] = zeros(2, 32), "1 unexpected:\n  classifier.weight [2, 32]");
        Fails(w => w["bert.embeddings.LayerNorm.gamma"] = ones(32), "1 unexpected:\n  bert.embeddings.LayerNorm.");
        Fails(w => w["cls.predictions.decoder.weight"] = zeros(97, 32), "cls.predictions.decoder.weight that differs from embeddings.word_embeddings.weight");
        Fails(w => w["cls.predictions.decoder.bias"] = zeros(97), "cls.predictions.decoder.bias that differs from cls.predictions.bias");
        Fails(w => w["cls.predictions.decoder.weight"] = zeros(97, 31), "cls.predictions.decoder.weight [97, 31], expected [97, 32]");
    }

    [TestMethod]
    [DataRow("is_decoder", "true", "'is_decoder' to true")]
    [DataRow("add_cross_attention", "true", "'add_cross_attention' to true")]
    [DataRow("tie_word_embeddings", "false", "'tie_word_embeddings' to false")]
    [DataRow("position_embedding_type", "\"relative_key\"", "'position_embedding_type' to \"relative_key\"")]
    [DataRow("hidden_act", "\"mish\"", "'hidden_act' to \"mish\"")]
    [DataRow("embedding_size", "128", "'embedding_size' (128)")]
    [DataRow("model_type", "\"gpt2\"", "'model_type' to \"gpt2\", which is not supported: it must be one of bert")]
    public void What_would_change_the_computation_is_refused_by_name(string key, string value, string message)
    {
        using TemporaryModel model = new TemporaryModel(Fixture).WithConfig(key, value);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => Open(model.Path)).Message, message);
    }

    [TestMethod]
    [DataRow("pooler_fc_size", "768")]
    [DataRow("directionality", "\"bidi\"")]
    [DataRow("classifier_dropout", "0.3")]
    [DataRow("is_decoder", "false")]
    [DataRow("type_vocab_size", "null")]
    public void What_changes_nothing_is_passed_over(string key, string value)
    {
        using TemporaryModel model = new TemporaryModel(Fixture).WithConfig(key, value);
        Assert.AreEqual(Open(new ModelFixture(Fixture).Path).Options, Open(model.Path).Options);
    }

    [TestMethod]
    public void A_saved_fixture_comes_back_bit_for_bit_under_the_fixtures_names_also_from_shards() => Run((fixture, network) =>
    {
        foreach (long maxShardBytes in new[] { long.MaxValue, 30_000 })
        {
            string path = Path.Combine(_folder, $"{maxShardBytes}");
            Write(path, network, new ModelSaveOptions { MaxShardBytes = maxShardBytes });
            ModelDirectory<EncoderOptions, EncoderNetwork> saved = Open(path);
            using var generator = new Generator(2);
            using EncoderNetwork back = saved.Load(generator);
            Assert.AreEqual(network.Options, saved.Options);
            AssertSame(network, back);
        }

        using SafetensorsReader theirs = SafetensorsReader.FromFile(Path.Combine(fixture.Path, "model.safetensors")), ours = SafetensorsReader.FromFile(Path.Combine(_folder, $"{long.MaxValue}", "model.safetensors"));
        string[] expected = [.. theirs.Names.Where(n => n != "bert.embeddings.position_ids" && !n.StartsWith("cls.seq_relationship.", StringComparison.Ordinal))];
        CollectionAssert.AreEquivalent(expected, ours.Names.ToArray());
        foreach (string name in expected)
            Assert.IsTrue(theirs.Read(name).Equals(ours.Read(name)), name);
    });

    [TestMethod]
    public void Settings_are_the_fixtures_and_the_tokenizers_files_lie_beside_them() => Run((fixture, network) =>
    {
        string path = Path.Combine(_folder, "model");
        var tokenizer = new Dictionary<string, string> { [ModelFiles.Vocabulary] = "[PAD]\né\n", [ModelFiles.TokenizerConfig] = "{}" };
        // Twice: what is a tokenizer's may be replaced.
        for (int i = 0; i < 2; i++)
            Write(path, network, new ModelSaveOptions { Tokenizer = tokenizer, PadId = 0 });
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "config.json"))), original = JsonDocument.Parse(File.ReadAllText(Path.Combine(fixture.Path, "config.json")));
        string[] others = ["architectures", "attention_probs_dropout_prob", "use_cache"];
        foreach (JsonProperty setting in original.RootElement.EnumerateObject().Where(p => !others.Contains(p.Name)))
            Assert.IsTrue(JsonElement.DeepEquals(setting.Value, config.RootElement.GetProperty(setting.Name)), setting.Name);
        Assert.AreEqual("BertForMaskedLM", config.RootElement.GetProperty("architectures")[0].GetString());
        Assert.AreEqual("float32", config.RootElement.GetProperty("torch_dtype").GetString());
        Assert.AreEqual("[PAD]\né\n", File.ReadAllText(Open(path).Find(ModelFiles.Vocabulary)!));
        Assert.IsNull(Open(path).Find(ModelFiles.Tokenizer));
    });

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_network_of_ones_own_comes_back(bool hasPooler)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new EncoderNetwork(EncoderOptions.Bert(50, 20, 16, 3, 2, feedForwardWidth: 24, tokenTypes: 1, hasPooler: hasPooler, dropout: 0.2), generator);
        string path = Path.Combine(_folder, "model");
        Write(path, network);
        using EncoderNetwork back = Open(path).Load(generator);
        Assert.AreEqual(network.Options, back.Options);
        AssertSame(network, back);
    }

    [TestMethod]
    public void A_shape_that_BERT_does_not_have_is_refused_and_nothing_is_written()
    {
        EncoderOptions bert = EncoderOptions.Bert(50, 20, 16, 2, 2);
        foreach (EncoderOptions options in new[] { bert with { HasLocalStem = true }, bert with { HasEmbeddingNorm = false }, bert.With(t => t with { Norm = NormPlacement.Pre }), bert.With(t => t with { IsGated = true }) })
        {
            using var generator = new Generator(1);
            using var network = new EncoderNetwork(options, generator);
            StringAssert.Contains(
                Assert.ThrowsExactly<NotSupportedException>(() => Write(Path.Combine(_folder, "model"), network)).Message,
                "None of the families bert has a network of this shape: encoders of Network.Family Bert without Network.LocalStem have one, and mlContext.Model.Save saves any.");
        }

        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    private static void Run(Action<ModelFixture, EncoderNetwork> test)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        var fixture = new ModelFixture(Fixture);
        using EncoderNetwork network = Open(fixture.Path).Load(generator);
        network.eval();
        test(fixture, network);
    }

    private static ModelDirectory<EncoderOptions, EncoderNetwork> Open(string path) => ModelDirectory.Open(path, ModelFamilies.Encoders);

    private static void Write(string path, EncoderNetwork network, ModelSaveOptions? options = null) =>
        ModelDirectoryWriter.Write(path, network, ModelFamilies.Encoders, options);

    private static void Rename(Dictionary<string, Tensor> weights, Func<string, string> rename)
    {
        foreach ((string name, Tensor weight) in weights.ToArray())
        {
            weights.Remove(name);
            weights.Add(rename(name), weight);
        }
    }

    private static void Remove(Dictionary<string, Tensor> weights, params string[] parts)
    {
        foreach (string name in weights.Keys.Where(name => parts.Any(part => name.StartsWith(part, StringComparison.Ordinal))).ToArray())
            weights.Remove(name);
    }

    private static void AssertSame(EncoderNetwork expected, EncoderNetwork actual)
    {
        Dictionary<string, Tensor> weights = expected.state_dict();
        CollectionAssert.AreEquivalent(weights.Keys, actual.state_dict().Keys);
        foreach ((string name, Tensor weight) in actual.state_dict())
            Assert.IsTrue(weights[name].Equals(weight), name);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThan(Tolerance, (expected - actual.to(ScalarType.Float64)).abs().max().ToDouble());
    }
}
