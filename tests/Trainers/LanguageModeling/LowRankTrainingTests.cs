using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Sequences;
using MLNetExt.Tests.Contract;
using MLNetExt.Torch;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>A model that counts on by three letters learns with its low-rank adapters alone to count on by seven.</summary>
[TestClass]
public sealed class LowRankTrainingTests
{
    private static CausalLanguageModelTransformer s_base = null!;
    private static CausalLanguageModelTransformer s_apart = null!;
    private static CausalLanguageModelTransformer s_merged = null!;
    private readonly MLContext _ml = new(seed: 1);

    [ClassInitialize]
    public static void Fit(TestContext context)
    {
        s_base = TinyModel.Fit();
        s_apart = Adapt(o => o.Adapters!.Merge = false);
        s_merged = Adapt();
    }

    [ClassCleanup]
    public static void Release()
    {
        s_base.Dispose();
        s_apart.Dispose();
        s_merged.Dispose();
    }

    [TestMethod]
    public void Training_changes_the_adapters_alone_and_lowers_the_loss()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> before = s_base.Model.Network.state_dict(), after = s_apart.Model.Network.state_dict();
        foreach ((string name, Tensor weight) in before)
            Assert.IsTrue(weight.Equals(after[name]), name);
        foreach (string name in after.Keys.Except(before.Keys))
            Assert.IsGreaterThan(0, after[name].abs().max().ToDouble(), name);
        Assert.IsGreaterThan(2, Loss(s_base));
        Assert.IsLessThan(1, Loss(s_apart));
    }

    [TestMethod]
    public void A_merged_model_is_a_plain_one_that_says_the_same()
    {
        Assert.IsTrue(s_apart.HasAdapters);
        Assert.IsFalse(s_merged.HasAdapters);
        Assert.AreEqual(s_base.WeightCount, s_merged.WeightCount);
        Assert.AreEqual(
            s_base.WeightCount + (long)new LowRankOptions().Shape.WeightCount(s_base.Model.Network.Options.Transformer), s_apart.WeightCount);
        SameScores(s_merged, s_apart, 1e-5);
    }

    [TestMethod]
    public void Without_its_adapters_a_model_is_the_one_that_it_was_made_from()
    {
        using (s_apart.Model.Network.WithoutAdapters())
            SameScores(s_base, s_apart, 0);
    }

    [TestMethod]
    public void Both_continue_texts_alike()
    {
        var options = new GenerationOptions { MaxNewTokens = 8 };
        string[] prompts = ["adg", "behk", "c"];
        string[] expected = [.. s_merged.GenerateText(prompts, options)];
        CollectionAssert.AreEqual(expected, s_apart.GenerateText(prompts, options).ToArray());

        IDataView rows = _ml.Data.LoadFromEnumerable(prompts.Select(p => new SentenceRow { Sentence = p }).ToArray());
        using TextGenerationTransformer generator = _ml.LanguageModeling.GenerateText(s_apart, "Generated", "Sentence", options).Fit(rows);
        using var loaded = (TextGenerationTransformer)DamagedModel.Load(DamagedModel.Save(generator, rows.Schema));
        foreach (TextGenerationTransformer each in new[] { generator, loaded })
            CollectionAssert.AreEqual(expected, each.Transform(rows).GetColumn<string>("Generated").ToArray());
    }

    [TestMethod]
    public void A_saved_model_keeps_its_adapters_apart_or_merged()
    {
        foreach (CausalLanguageModelTransformer model in new[] { s_apart, s_merged })
        {
            using var loaded = (CausalLanguageModelTransformer)DamagedModel.Load(DamagedModel.Save(model, TinyModel.Tokenized(_ml).Schema));
            Assert.AreEqual(model.Model.State.Adapters, loaded.Model.State.Adapters);
            Assert.AreEqual(model.Model.Network.Adapters, loaded.Model.Network.Adapters);
            Assert.AreEqual(model.WeightCount, loaded.WeightCount);
            SameScores(model, loaded, 0);
        }
    }

    [TestMethod]
    public void Groups_take_the_adapters_by_their_blocks_and_nothing_frozen()
    {
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(s_base.Model.Network.Options, generator);
        LowRankShape shape = new LowRankOptions().Shape;
        network.AddAdapters(shape);
        var groups = new DecoderGroups(new CausalLanguageModelOptions { LayerLearningRateDecay = 0.5, EmbeddingLearningRateFactor = 0 }, layers: 2);

        using var flat = new FlatParameters(network, groups.Of);

        long half = (long)shape.WeightCount(network.Options.Transformer) / 2;
        CollectionAssert.AreEqual(
            new FlatGroup[] { new(new ParameterGroup(1, 0.5), 0, half), new(new ParameterGroup(1), half, half) }, flat.Groups);
    }

    [TestMethod]
    public void A_Hugging_Face_directory_has_them_merged()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model");
        s_apart.SaveHuggingFace(path);
        using CausalLanguageModelTransformer loaded = _ml.LanguageModeling.LoadHuggingFace(path);
        SameScores(s_apart, loaded, 1e-5);
    }

    [TestMethod]
    public void Training_goes_on_from_merged_adapters()
    {
        using CausalLanguageModelTransformer again = Adapt(o =>
        {
            (o.Pretrained, o.Adapters!.Merge, o.Adapters.Layers, o.Training.MaxSteps) = (s_apart, false, AdaptedLayers.Attention, 1);
        });
        using (again.Model.Network.WithoutAdapters())
            SameScores(s_merged, again, 0);
        Assert.IsFalse(again.Model.Network.Adapters!.FeedForward);

        using CausalLanguageModelTransformer whole = TinyModel.Fit(change: o => (o.Pretrained, o.Training.Epochs) = (s_apart, 2), data: BySeven());
        Assert.IsFalse(whole.HasAdapters);
        Assert.IsLessThan(Loss(s_apart), Loss(whole));
    }

    [TestMethod]
    public void A_checkpoint_holds_the_adapters_and_their_optimiser_alone_and_another_base_is_refused()
    {
        using var folder = new TemporaryFolder();
        void Checkpoints(CausalLanguageModelOptions o) => (o.Training.CheckpointFolder, o.Training.Epochs, o.ValidationFraction) = (folder.Path, 1, 0.2);
        Adapt(Checkpoints).Dispose();
        string checkpoint = Directory.GetDirectories(folder.Path).Single();
        string[] adapters = [.. s_apart.Model.Network.state_dict().Keys.Except(s_base.Model.Network.state_dict().Keys)];
        foreach (string file in new[] { "weights", "best" })
            CollectionAssert.AreEquivalent(adapters, Names(Path.Combine(checkpoint, file + ".safetensors")), file);
        CollectionAssert.AreEquivalent(
            adapters.SelectMany(a => new[] { "exp_avg." + a, "exp_avg_sq." + a }).Append("steps").ToArray(), Names(Path.Combine(checkpoint, "optimizer.safetensors")));

        using CausalLanguageModelTransformer other = TinyModel.Fit(epochs: 1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Adapt(o =>
        {
            Checkpoints(o);
            (o.Training.Resume, o.Pretrained) = (true, other);
        }));
        StringAssert.Contains(error.Message, "Pretrained");
    }

    [TestMethod]
    public void Adapters_that_cannot_be_are_named()
    {
        void Fails<T>(Action<CausalLanguageModelOptions> change, string message)
            where T : Exception => StringAssert.Contains(Assert.ThrowsExactly<T>(() => Adapt(change)).Message, message);

        Fails<ArgumentException>(o => o.Pretrained = null, "Adapters needs Pretrained");
        Fails<ArgumentOutOfRangeException>(o => o.Adapters!.Rank = 0, "Rank must be at least 1");
        Fails<ArgumentOutOfRangeException>(o => o.Adapters!.Alpha = 0, "Alpha must be above 0");
        Fails<ArgumentOutOfRangeException>(o => o.Adapters!.Dropout = 1, "Dropout must be in [0, 1)");
        Fails<ArgumentOutOfRangeException>(o => o.Adapters!.Layers = (AdaptedLayers)7, "Layers must be All or Attention or FeedForward");
    }

    private static CausalLanguageModelTransformer Adapt(Action<CausalLanguageModelOptions>? change = null) => TinyModel.Fit(
        change: o =>
        {
            (o.Pretrained, o.Adapters) = (s_base, new LowRankOptions());
            change?.Invoke(o);
        },
        data: BySeven());

    private static IDataView BySeven()
    {
        var ml = new MLContext(seed: 1);
        return TinyModel.Tokenizer(ml).Transform(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 160).Select(i => new SentenceRow
        {
            Sentence = string.Concat(Enumerable.Range(0, 6 + i % 5).Select(t => (char)('a' + (i + 7 * t) % 20))),
        }).ToArray()));
    }

    private float Loss(CausalLanguageModelTransformer model)
    {
        SentencePrediction[] scored = [.. _ml.Data.CreateEnumerable<SentencePrediction>(model.Transform(BySeven()), reuseRowObject: false)];
        return scored.Sum(s => s.NegativeLogLikelihood) / scored.Sum(s => s.TokenCount);
    }

    private static void SameScores(CausalLanguageModelTransformer expected, CausalLanguageModelTransformer actual, double tolerance)
    {
        int[][] texts = [.. SentenceRow.Many(30).Select(r => expected.Encode(r.Sentence))];
        foreach ((float[] e, float[] a) in expected.LogProbabilities(texts).Zip(actual.LogProbabilities(texts)))
        {
            for (int i = 0; i < e.Length; i++)
                Assert.AreEqual(e[i], a[i], tolerance * Math.Max(1, Math.Abs(e[i])));
        }
    }

    private static string[] Names(string file)
    {
        using var reader = SafetensorsReader.FromFile(file);
        return [.. reader.Names];
    }
}
