using System.Text.Json;
using MLNetExt.Networks;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class ModelDirectoryWriterTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetext-save-").FullName;

    private static IEnumerable<object[]> Models => ModelFixture.Causal;

    private static IEnumerable<object[]> Shapes => DecoderShapes.Names;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_saved_fixture_comes_back_bit_for_bit_also_from_shards(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        var fixture = new ModelFixture(name);
        using DecoderNetwork network = ModelDirectory.Open(fixture.Path, ModelFamilies.Decoders).Load(generator);
        network.eval();
        Tensor ids = fixture.Ids("input_ids"), expected = network.Logits(network.Hidden(ids));
        foreach (long maxShardBytes in new[] { long.MaxValue, 30_000, 1 })
        {
            string path = Path.Combine(_folder, $"{maxShardBytes}");
            ModelDirectoryWriter.Write(path, network, ModelFamilies.Decoders, new ModelSaveOptions { MaxShardBytes = maxShardBytes });

            ModelDirectory<DecoderOptions, DecoderNetwork> saved = ModelDirectory.Open(path, ModelFamilies.Decoders);
            using DecoderNetwork back = saved.Load(generator);
            back.eval();

            Assert.AreEqual(network.Options, saved.Options);
            Assert.IsTrue(expected.Equals(back.Logits(back.Hidden(ids))));
            Assert.AreEqual(maxShardBytes == long.MaxValue, File.Exists(Path.Combine(path, "model.safetensors")));
            Assert.AreEqual(maxShardBytes != long.MaxValue, File.Exists(Path.Combine(path, "model.safetensors.index.json")));
            if (maxShardBytes == 30_000)
                Assert.IsTrue(Directory.GetFiles(path, "*.safetensors").All(f => new FileInfo(f).Length < 34_000));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Every_shape_of_the_families_comes_back(string shape)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(DecoderShapes.Of(shape), generator);
        string path = Path.Combine(_folder, "model");
        ModelDirectoryWriter.Write(path, network, ModelFamilies.Decoders);
        using DecoderNetwork back = ModelDirectory.Open(path, ModelFamilies.Decoders).Load(generator);
        Assert.AreEqual(network.Options, back.Options);
        Dictionary<string, Tensor> expected = network.state_dict();
        foreach ((string name, Tensor weight) in back.state_dict())
            Assert.IsTrue(expected[name].Equals(weight), name);
    }

    [TestMethod]
    [DataRow("gpt2_tiny_prefixed")]
    [DataRow("llama_tiny_gqa")]
    [DataRow("llama_tiny_tied_llama3rope")]
    public void Names_shapes_and_settings_are_those_of_the_fixture(string name)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var fixture = new ModelFixture(name);
        using DecoderNetwork network = ModelDirectory.Open(fixture.Path, ModelFamilies.Decoders).Load(generator);
        string path = Path.Combine(_folder, "model");
        ModelDirectoryWriter.Write(path, network, ModelFamilies.Decoders, new ModelSaveOptions { Tokenizer = new Dictionary<string, string> { [ModelFiles.Tokenizer] = "{\"é\":1}" }, BeginId = 1, EndIds = [2] });

        using SafetensorsReader theirs = SafetensorsReader.FromFile(Path.Combine(fixture.Path, "model.safetensors")), ours = SafetensorsReader.FromFile(Path.Combine(path, "model.safetensors"));
        Assert.AreEqual("pt", ours.Metadata["format"]);
        string[] expected = [.. theirs.Names.Where(n => !n.EndsWith(".attn.bias", StringComparison.Ordinal) && !n.EndsWith(".masked_bias", StringComparison.Ordinal) && (n != "lm_head.weight" || !network.Options.IsHeadTied))];
        CollectionAssert.AreEquivalent(expected, ours.Names.ToArray());
        foreach (string tensor in expected)
            Assert.IsTrue(theirs.Read(tensor).Equals(ours.Read(tensor)), tensor);
        Assert.AreEqual("{\"é\":1}", File.ReadAllText(Path.Combine(path, "tokenizer.json")));

        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "config.json"))), original = JsonDocument.Parse(File.ReadAllText(Path.Combine(fixture.Path, "config.json")));
        foreach (JsonProperty setting in original.RootElement.EnumerateObject().Where(p => config.RootElement.TryGetProperty(p.Name, out _)))
        {
            if (setting.Name is not ("attn_pdrop" or "bos_token_id" or "eos_token_id"))
                Assert.IsTrue(JsonElement.DeepEquals(setting.Value, config.RootElement.GetProperty(setting.Name)), setting.Name);
        }

        CollectionAssert.AreEqual((int[])[2], ModelDirectory.Open(path, ModelFamilies.Decoders).EndIds.ToArray());
    }

    [TestMethod]
    public void Biases_have_the_familys_names()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(DecoderShapes.Of("llama with wide heads, biases, llama 3 scaling"), generator);
        string path = Path.Combine(_folder, "model");
        ModelDirectoryWriter.Write(path, network, ModelFamilies.Decoders);
        using SafetensorsReader reader = SafetensorsReader.FromFile(Path.Combine(path, "model.safetensors"));
        string[] projections = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];
        long[] sizes = [24, 6, 6, 16, 48, 48, 16];
        CollectionAssert.AreEqual(sizes, projections.Select(p => reader[$"model.layers.1.{p}.bias"].Shape.Single()).ToArray());
        CollectionAssert.AreEqual((long[])[6, 16], reader["model.layers.1.self_attn.k_proj.weight"].Shape.ToArray());
    }

    [TestMethod]
    public void A_failed_save_leaves_the_model_that_was_there_and_nothing_else()
    {
        using var generator = new Generator(1);
        using var first = new DecoderNetwork(DecoderShapes.Of("llama"), generator);
        using var second = new DecoderNetwork(DecoderShapes.Of("gpt2"), generator);
        string path = Path.Combine(_folder, "model");
        ModelDirectoryWriter.Write(path, first, ModelFamilies.Decoders);
        // Its weights cannot be written any more.
        second.HeadWeight.Dispose();
        Assert.Throws<Exception>(() => ModelDirectoryWriter.Write(path, second, ModelFamilies.Decoders));

        Assert.AreEqual(first.Options, ModelDirectory.Open(path, ModelFamilies.Decoders).Options);
        CollectionAssert.AreEqual((string[])[path], Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void A_model_is_replaced_and_other_files_are_not()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var llama = new DecoderNetwork(DecoderShapes.Of("llama"), generator);
        using var gpt2 = new DecoderNetwork(DecoderShapes.Of("gpt2"), generator);
        string path = Path.Combine(_folder, "model");
        ModelDirectoryWriter.Write(path, llama, ModelFamilies.Decoders, new ModelSaveOptions { MaxShardBytes = 1000 });
        ModelDirectoryWriter.Write(path + Path.DirectorySeparatorChar, gpt2, ModelFamilies.Decoders);
        CollectionAssert.AreEquivalent((string[])["config.json", "model.safetensors"], Directory.GetFiles(path).Select(f => Path.GetFileName(f)).ToArray());
        Assert.AreEqual(gpt2.Options, ModelDirectory.Open(path, ModelFamilies.Decoders).Options);

        File.WriteAllText(Path.Combine(path, "notes.txt"), "mine");
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => ModelDirectoryWriter.Write(path, llama, ModelFamilies.Decoders)).Message, "'notes.txt', which would be lost");
        File.WriteAllText(Path.Combine(_folder, "file"), "mine");
        foreach (string file in new[] { "file", "file/" })
            StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => ModelDirectoryWriter.Write(Path.Combine(_folder, file), llama, ModelFamilies.Decoders)).Message, "is a file");
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => ModelDirectoryWriter.Write("/", llama, ModelFamilies.Decoders)).Message, "'/' holds");
    }

    [TestMethod]
    public void A_shape_of_no_family_is_refused()
    {
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(DecoderShapes.Of("llama").With(t => t with { NormKind = NormKind.Layer }), generator);
        StringAssert.Contains(
            Assert.ThrowsExactly<NotSupportedException>(() => ModelDirectoryWriter.Write(Path.Combine(_folder, "model"), network, ModelFamilies.Decoders)).Message,
            "None of the families gpt2, llama has a network of this shape");
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }
}
