using MLNetExt.Networks;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class ModelDirectoryTests
{
    [TestMethod]
    [DataRow("gpt2_tiny", "scale_attn_by_inverse_layer_idx", "true", "'scale_attn_by_inverse_layer_idx' to true")]
    [DataRow("gpt2_tiny", "scale_attn_weights", "false", "'scale_attn_weights' to false")]
    [DataRow("gpt2_tiny", "add_cross_attention", "true", "'add_cross_attention' to true")]
    [DataRow("gpt2_tiny", "activation_function", "\"mish\"", "'activation_function' to \"mish\"")]
    [DataRow("gpt2_tiny", "alibi", "true", "'alibi' (true)")]
    [DataRow("gpt2_tiny", "quantization_config", "{\"bits\":4}", "'quantization_config' ({\"bits\":4})")]
    [DataRow("llama_tiny_gqa", "hidden_act", "\"laplace\"", "'hidden_act' to \"laplace\"")]
    [DataRow("llama_tiny_gqa", "sliding_window", "4096", "'sliding_window' (4096)")]
    [DataRow("llama_tiny_gqa", "logits_scaling", "8", "'logits_scaling' (8)")]
    [DataRow("llama_tiny_gqa", "rope_interleaved", "true", "'rope_interleaved' to true")]
    [DataRow("llama_tiny_gqa", "partial_rotary_factor", "0.5", "'partial_rotary_factor' to 0.5")]
    [DataRow("llama_tiny_gqa", "rope_scaling", "{\"rope_type\":\"yarn\",\"factor\":4.0}", "'rope_scaling.rope_type' to \"yarn\"")]
    [DataRow("llama_tiny_gqa", "rope_scaling", "{\"type\":\"dynamic\",\"factor\":4.0}", "'rope_scaling.type' to \"dynamic\"")]
    [DataRow("llama_tiny_gqa", "rope_scaling", "{\"type\":\"linear\",\"factor\":4.0,\"attention_factor\":2.0}", "'rope_scaling.attention_factor' (2.0)")]
    [DataRow("llama_tiny_gqa", "model_type", "\"mistral\"", "'model_type' to \"mistral\"")]
    public void What_would_change_the_computation_is_refused_by_name(string fixture, string key, string value, string message)
    {
        using TemporaryModel model = new TemporaryModel(fixture).WithConfig(key, value);
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => ModelDirectory.Open(model.Path, ModelFamilies.Decoders)).Message, message);
    }

    [TestMethod]
    [DataRow("gpt2_tiny", "transformers_version", "\"4.57.1\"")]
    [DataRow("gpt2_tiny", "alibi", "false")]
    [DataRow("gpt2_tiny", "reorder_and_upcast_attn", "true")]
    [DataRow("gpt2_tiny", "pruned_heads", "{}")]
    [DataRow("gpt2_tiny", "n_inner", "128")]
    [DataRow("gpt2_tiny", "attn_pdrop", "0.3")]
    [DataRow("llama_tiny_gqa", "sliding_window", "null")]
    [DataRow("llama_tiny_gqa", "pretraining_tp", "2")]
    [DataRow("llama_tiny_gqa", "head_dim", "8")]
    [DataRow("llama_tiny_gqa", "rope_scaling", "{\"rope_type\":\"default\"}")]
    [DataRow("llama_tiny_gqa", "rope_parameters", "{\"rope_type\":\"default\",\"rope_theta\":10000.0}")]
    [DataRow("llama_tiny_gqa", "eos_token_id", "[2,7]")]
    public void What_changes_nothing_is_passed_over(string fixture, string key, string value) => AssertSameWeights(
        new ModelFixture(fixture).Path, () => new TemporaryModel(fixture).WithConfig(key, value));

    [TestMethod]
    public void Ids_that_end_a_text_and_the_tokenizer_are_found()
    {
        using TemporaryModel model = new TemporaryModel("llama_tiny_gqa").WithConfig("eos_token_id", "[2,7]");
        Assert.IsNull(ModelDirectory.Open(model.Path, ModelFamilies.Decoders).Find(ModelFiles.Tokenizer));
        File.WriteAllText(model.File("tokenizer.json"), "{}");
        ModelDirectory<DecoderOptions, DecoderNetwork> directory = ModelDirectory.Open(model.Path, ModelFamilies.Decoders);
        Assert.AreEqual(model.File("tokenizer.json"), directory.Find(ModelFiles.Tokenizer));
        CollectionAssert.AreEqual((int[])[2, 7], directory.EndIds.ToArray());
        CollectionAssert.AreEqual((int[])[96], ModelDirectory.Open(new ModelFixture("gpt2_tiny").Path, ModelFamilies.Decoders).EndIds.ToArray());
    }

    [TestMethod]
    [DataRow("{\"type\":\"linear\",\"factor\":2.5}")]
    [DataRow("{\"rope_type\":\"linear\",\"type\":\"linear\",\"factor\":2.5,\"original_max_position_embeddings\":32}")]
    public void Linear_scaling_is_read_under_both_names(string json)
    {
        using TemporaryModel model = new TemporaryModel("llama_tiny_gqa").WithConfig("rope_scaling", json);
        Assert.AreEqual(new RotaryScaling(RotaryScalingKind.Linear, 2.5), ModelDirectory.Open(model.Path, ModelFamilies.Decoders).Options.Transformer.RotaryScaling);
    }

    [TestMethod]
    public void The_newer_place_of_rotary_settings_is_read()
    {
        using TemporaryModel model = new TemporaryModel("llama_tiny_tied_llama3rope")
            .WithConfig("rope_parameters", """{"rope_type":"llama3","rope_theta":500000.0,"factor":32.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}""")
            .WithoutConfig("rope_theta").WithoutConfig("rope_scaling");
        TransformerOptions blocks = ModelDirectory.Open(model.Path, ModelFamilies.Decoders).Options.Transformer;
        Assert.AreEqual(500_000, blocks.RotaryTheta);
        Assert.AreEqual(new RotaryScaling(RotaryScalingKind.Llama3, 32, 1, 4, 8192), blocks.RotaryScaling);
    }

    [TestMethod]
    public void A_damaged_config_is_named()
    {
        void Fails<T>(Func<TemporaryModel, TemporaryModel> change, string message)
            where T : Exception
        {
            using TemporaryModel model = change(new TemporaryModel("llama_tiny_gqa"));
            StringAssert.Contains(Assert.ThrowsExactly<T>(() => ModelDirectory.Open(model.Path, ModelFamilies.Decoders)).Message, message);
        }

        TemporaryModel Text(TemporaryModel model, string text)
        {
            File.WriteAllText(model.File("config.json"), text);
            return model;
        }

        Fails<InvalidDataException>(m => m.WithoutConfig("hidden_size"), "lacks 'hidden_size'");
        Fails<InvalidDataException>(m => m.WithoutConfig("model_type"), "lacks 'model_type'");
        Fails<InvalidDataException>(m => m.WithConfig("hidden_size", "\"32\""), "'hidden_size' to \"32\": expected a whole number above 0");
        Fails<InvalidDataException>(m => m.WithConfig("tie_word_embeddings", "1"), "expected true or false");
        Fails<InvalidDataException>(m => m.WithConfig("rope_theta", "true"), "expected a number");
        Fails<InvalidDataException>(m => m.WithConfig("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":8.0}"), "lacks 'rope_scaling.low_freq_factor'");
        Fails<InvalidDataException>(m => m.WithConfig("rope_scaling", "[1]"), "expected an object");
        Fails<InvalidDataException>(m => m.WithConfig("num_attention_heads", "5"), "describes no network: Width is 32 and Heads is 5");
        Fails<InvalidDataException>(m => Text(m, "{"), "is not valid JSON");
        Fails<InvalidDataException>(m => Text(m, "[]"), "holds no JSON object");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => ModelDirectory.Open("/no/such/model", ModelFamilies.Decoders));
        using TemporaryModel empty = new("llama_tiny_gqa");
        File.Delete(empty.File("config.json"));
        Assert.ThrowsExactly<FileNotFoundException>(() => ModelDirectory.Open(empty.Path, ModelFamilies.Decoders));
    }

    [TestMethod]
    public void All_differences_of_the_weights_are_reported_at_once_and_nothing_is_read()
    {
        using var scope = NewDisposeScope();
        using TemporaryModel model = new TemporaryModel("gpt2_tiny").WithWeights(w =>
        {
            w.Remove("h.0.ln_1.bias");
            w.Remove("h.1.mlp.c_fc.weight");
            w["h.1.attn.c_attn.weight"] = zeros(96, 32);
            w["h.1.ln_2.weight"] = zeros(32, ScalarType.Int32);
            w["score.weight"] = zeros(2, 32);
            w["transformer.wte.weight"] = zeros(97, 32);
        });
        using var generator = new Generator(1);
        ModelDirectory<DecoderOptions, DecoderNetwork> directory = ModelDirectory.Open(model.Path, ModelFamilies.Decoders);
        using var network = new DecoderNetwork(directory.Options, generator);
        using Tensor before = network.HeadWeight.clone();

        string report = Assert.ThrowsExactly<InvalidDataException>(() => directory.ReadInto(network)).Message;

        StringAssert.Contains(report, model.Path);
        StringAssert.Contains(report, "2 missing:\n  h.0.ln_1.bias [32]\n  h.1.mlp.c_fc.weight [32, 128]\n");
        StringAssert.Contains(report, "2 unexpected:\n  score.weight [2, 32]\n  wte.weight [97, 32]\n");
        StringAssert.Contains(report, "2 different:\n");
        StringAssert.Contains(report, "  h.1.attn.c_attn.weight [96, 32], expected [32, 96]");
        StringAssert.Contains(report, "  h.1.ln_2.weight of Int32, expected one of Float32, Float16, BFloat16, Float64");
        Assert.IsTrue(before.Equals(network.HeadWeight));
    }

    [TestMethod]
    public void A_long_report_is_cut()
    {
        using TemporaryModel model = new TemporaryModel("llama_tiny_gqa").WithConfig("num_hidden_layers", "9");
        string report = LoadFails<InvalidDataException>(model);
        StringAssert.Contains(report, "63 missing:\n  layers.2.input_layernorm.weight [32]\n");
        StringAssert.Contains(report, "  and 53 more");
    }

    [TestMethod]
    public void A_missing_or_contradicting_head_is_named()
    {
        using TemporaryModel untied = new TemporaryModel("llama_tiny_tied_llama3rope").WithConfig("tie_word_embeddings", "false");
        StringAssert.Contains(LoadFails<InvalidDataException>(untied), "1 missing:\n  lm_head.weight [97, 32]");
        using TemporaryModel tied = new TemporaryModel("llama_tiny_gqa").WithConfig("tie_word_embeddings", "true");
        StringAssert.Contains(LoadFails<InvalidDataException>(tied), "lm_head.weight that differs from embed_tokens.weight");
    }

    [TestMethod]
    [DataRow("U8")]
    [DataRow("BOOL")]
    [DataRow("F16")]
    public void Buffers_of_old_files_are_passed_over_whatever_their_type(string type)
    {
        ScalarType dtype = type switch { "U8" => ScalarType.Byte, "BOOL" => ScalarType.Bool, _ => ScalarType.Float16 };
        AssertSameWeights(new ModelFixture("gpt2_tiny").Path, () => new TemporaryModel("gpt2_tiny").WithWeights(w =>
        {
            w["h.0.attn.bias"] = ones([1, 1, 8, 8], dtype);
            w["h.1.attn.masked_bias"] = ones([], dtype);
        }));
        AssertSameWeights(new ModelFixture("llama_tiny_gqa").Path, () => new TemporaryModel("llama_tiny_gqa").WithWeights(w =>
        {
            w["model.layers.0.self_attn.rotary_emb.inv_freq"] = ones([4], dtype);
            w["model.rotary_emb.cos_cached"] = ones([1, 1, 8, 8], dtype);
        }));
    }

    [TestMethod]
    public void The_prefix_may_be_left_out() => AssertSameWeights(new ModelFixture("llama_tiny_gqa").Path, () => new TemporaryModel("llama_tiny_gqa").WithWeights(w =>
    {
        foreach (string name in w.Keys.Where(n => n.StartsWith("model.", StringComparison.Ordinal)).ToArray())
        {
            w[name["model.".Length..]] = w[name];
            w.Remove(name);
        }
    }));

    [TestMethod]
    [DataRow("F16", 1e-3)]
    [DataRow("BF16", 8e-3)]
    [DataRow("F64", 0.0)]
    public void Weights_of_other_types_are_converted(string type, double relative)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        ScalarType dtype = type switch { "F16" => ScalarType.Float16, "BF16" => ScalarType.BFloat16, _ => ScalarType.Float64 };
        using TemporaryModel model = new TemporaryModel("llama_tiny_gqa").WithWeights(w =>
        {
            foreach (string name in w.Keys.ToArray())
                w[name] = w[name].to(dtype);
        });
        using DecoderNetwork whole = ModelDirectory.Open(new ModelFixture("llama_tiny_gqa").Path, ModelFamilies.Decoders).Load(generator), converted = ModelDirectory.Open(model.Path, ModelFamilies.Decoders).Load(generator);
        Dictionary<string, Tensor> expected = whole.state_dict();
        foreach ((string name, Tensor weight) in converted.state_dict())
        {
            Assert.AreEqual(ScalarType.Float32, weight.dtype);
            Assert.IsTrue(expected[name].allclose(weight, relative, 1e-7), name);
        }
    }

    [TestMethod]
    public void Broken_shards_are_named()
    {
        string fixture = Path.Combine("llama_tiny_gqa", "sharded");
        const string Second = "model-00002-of-00002.safetensors", Index = "model.safetensors.index.json";
        string Fails<T>(Action<TemporaryModel> damage)
            where T : Exception
        {
            using TemporaryModel model = new(fixture);
            damage(model);
            return LoadFails<T>(model);
        }

        string cut = Fails<InvalidDataException>(m => m.Cut(Second));
        StringAssert.Contains(cut, Second);
        StringAssert.Contains(cut, "but the file has only");
        StringAssert.Contains(Fails<InvalidDataException>(m => File.WriteAllBytes(m.File(Second), [1, 2, 3])), "too short");
        StringAssert.Contains(Fails<FileNotFoundException>(m => File.Delete(m.File(Second))), $"lacks {Second}");
        StringAssert.Contains(Fails<FileNotFoundException>(m => File.Delete(m.File(Index))), "holds neither model.safetensors nor model.safetensors.index.json");
        StringAssert.Contains(Fails<InvalidDataException>(m => m.WithWeights(w => w.Remove("model.norm.weight"), Second)), $"'{Second}' holds a tensor 'model.norm.weight', but it does not");
        StringAssert.Contains(Fails<InvalidDataException>(m => m.WithWeights(w => w["model.embed_tokens.weight"] = zeros(97, 32), Second)), "hold a tensor 'model.embed_tokens.weight'");
        StringAssert.Contains(Fails<InvalidDataException>(m => m.WithWeights(w => w["model.norm.weight"] = zeros(16), Second)), "model.norm.weight [16], expected [32]");
        StringAssert.Contains(Fails<InvalidDataException>(m => File.WriteAllText(m.File(Index), "{}")), "is no index of shards");
        StringAssert.Contains(Fails<InvalidDataException>(m => File.WriteAllText(m.File(Index), """{"weight_map":{"model.norm.weight":"../model.safetensors"}}""")), "'../model.safetensors': shards lie beside the index");
        StringAssert.Contains(Fails<InvalidDataException>(m => File.WriteAllText(m.File(Index), """{"weight_map":{"model.norm.weight":3}}""")), "is no index of shards");
    }

    private static string LoadFails<T>(TemporaryModel model)
        where T : Exception
    {
        using var generator = new Generator(1);
        return Assert.ThrowsExactly<T>(() => ModelDirectory.Open(model.Path, ModelFamilies.Decoders).Load(generator)).Message;
    }

    private static void AssertSameWeights(string path, Func<TemporaryModel> other)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using TemporaryModel model = other();
        using DecoderNetwork first = ModelDirectory.Open(path, ModelFamilies.Decoders).Load(generator), second = ModelDirectory.Open(model.Path, ModelFamilies.Decoders).Load(generator);
        Dictionary<string, Tensor> expected = first.state_dict(), actual = second.state_dict();
        CollectionAssert.AreEqual(expected.Keys, actual.Keys);
        foreach ((string name, Tensor weight) in expected)
            Assert.IsTrue(weight.Equals(actual[name]), name);
    }
}
