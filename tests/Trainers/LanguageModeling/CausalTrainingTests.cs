using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Contract;
using MLNetExt.Training;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

[TestClass]
public sealed class CausalTrainingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestInitialize]
    public void OneThread() => torch.set_num_threads(1);

    [TestMethod]
    public void Accumulated_batches_give_the_gradient_of_one_large_batch_whatever_a_mask_leaves_of_each()
    {
        IDataView data = Masked(row => row % 4 == 0 ? 0 : 1);
        float[] whole = Weights(data, o => o.BatchSize = 16);
        float[] parts = Weights(data, o => (o.BatchSize, o.Training.GradientAccumulationSteps) = (4, 4));
        for (int i = 0; i < whole.Length; i++)
            Assert.AreEqual(whole[i], parts[i], 1e-4f);
    }

    [TestMethod]
    public void A_mask_of_ones_changes_nothing_and_one_of_zeros_leaves_the_row_out()
    {
        CollectionAssert.AreEqual(Weights(Masked(_ => 1), o => o.LossMaskColumnName = null), Weights(Masked(_ => 1)));
        // A row whose targets all weigh nothing still has a place in its batch, but no part in the loss.
        IDataView data = Masked(row => row == 0 ? 0 : 1, 16);
        TrainingProgress seen = Progress(data).Single(p => p.IsEpochEnd);
        Assert.IsTrue(double.IsFinite(seen.EpochLoss!.Value));
        Assert.IsGreaterThan(0, seen.Metrics["DroppedTokensLoss"]);
        Assert.AreEqual(seen.Loss * 15 / 16 + seen.Metrics["DroppedTokensLoss"] / 16, seen.Metrics["AllTokensLoss"], 1e-4);
    }

    [TestMethod]
    public void The_losses_of_all_kept_and_dropped_tokens_are_those_of_the_epochs_tokens_however_batches_divide_them()
    {
        // Rows of their own batches are dropped whole, and nothing is learned: the losses must be those that other masks have.
        TrainingProgress Epoch(Func<int, float> keep) =>
            Progress(Masked(keep), o => (o.BatchSize, o.Training.LearningRate) = (1, 1e-12)).Single(p => p.IsEpochEnd);

        TrainingProgress masked = Epoch(row => row % 3 == 0 ? 0 : 1), inverted = Epoch(row => row % 3 == 0 ? 1 : 0), whole = Epoch(_ => 1);
        Assert.AreEqual(whole.EpochLoss!.Value, masked.EpochMetrics!["AllTokensLoss"], 1e-4);
        Assert.AreEqual(inverted.EpochLoss!.Value, masked.EpochMetrics["DroppedTokensLoss"], 1e-4);
        Assert.AreEqual(masked.EpochLoss!.Value, inverted.EpochMetrics!["DroppedTokensLoss"], 1e-4);
        Assert.AreNotEqual(masked.EpochLoss.Value, inverted.EpochLoss.Value, 1e-3);
        CollectionAssert.AreEqual((string[])["AllTokensLoss"], whole.EpochMetrics!.Keys.ToArray(), "nothing is dropped");
    }

    [TestMethod]
    public void The_log_has_the_losses_of_all_and_of_dropped_tokens_when_there_is_a_mask()
    {
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.Message);
        Weights(Masked(row => row % 4 == 0 ? 0 : 1));
        string line = messages.Single(m => m.Contains("Epoch 1 of 1: loss ", StringComparison.Ordinal));
        StringAssert.Matches(line, new Regex(@"loss [\d.]+, AllTokensLoss [\d.]+, DroppedTokensLoss [\d.]+$"));
        messages.Clear();
        Weights(Masked(_ => 1), o => o.LossMaskColumnName = null);
        StringAssert.Matches(messages.Single(m => m.Contains("Epoch 1 of 1: loss ", StringComparison.Ordinal)), new Regex(@"loss [\d.]+$"));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_thousand_steps_leave_memory_flat(bool recompute)
    {
        var tensors = new List<long>();
        var memory = new List<long>();
        var watch = new Watch(p =>
        {
            // Until then the runtime compiles what it finds to be hot, and the allocators find their size.
            if (!p.IsEpochEnd || p.Step < 1000)
                return;
            tensors.Add(LiveTensors.OfThisThread);
            if (p.Step is 1000 or 2000)
                memory.Add(ProcessMemory.WorkingSet());
        });
        IDataView data = Masked(row => row % 4 == 0 ? 0 : 1, 80);
        void Train(int epochs) => Fit(data, o =>
        {
            (o.BatchSize, o.ValidationData, o.RandomTokenMask, o.RecomputeActivations) = (8, data, 4, recompute);
            (o.Training.Epochs, o.Network.Dropout) = (epochs, 0.1);
        }, watch).Dispose();

        Train(epochs: 1);
        long before = LiveTensors.OfThisThread;
        Train(epochs: 200);
        Assert.HasCount(2, memory, "steps 1000 and 2000 end epochs");
        Assert.HasCount(1, tensors.Distinct(), string.Join(' ', tensors.Distinct()));
        Assert.IsLessThan(memory[0] + ProcessMemory.Tolerated, memory[1], "bytes after a thousand steps");
        Assert.AreEqual(before, LiveTensors.OfThisThread, "tensors once the model is disposed");
    }

    [TestMethod]
    public void A_mask_that_drops_everything_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Weights(Masked(_ => 0)));
        StringAssert.Contains(error.Message, "'LossMask' drops all");
    }

    [TestMethod]
    public void Validation_is_never_masked()
    {
        double Loss(IDataView validation)
        {
            List<TrainingProgress> seen = Progress(Masked(_ => 1), o => o.ValidationData = validation);
            return seen.Last(p => p.IsEpochEnd).Validation[0].Value;
        }

        Assert.AreEqual(Loss(Masked(_ => 1, seed: 9)), Loss(Masked(row => row % 2, seed: 9)));
    }

    [TestMethod]
    public void A_mask_drawn_anew_changes_what_is_learned_and_reports_what_it_drops()
    {
        List<TrainingProgress> seen = Progress(Masked(_ => 1, 64), o => (o.LossMaskColumnName, o.RandomTokenMask, o.Training.Epochs) = (null, 4, 2));
        Assert.IsTrue(seen.Where(p => p.IsEpochEnd).All(p => p.Metrics.ContainsKey("DroppedTokensLoss")));
        float[] once = Weights(Masked(_ => 1), o => (o.LossMaskColumnName, o.RandomTokenMask) = (null, 4));
        CollectionAssert.AreNotEqual(Weights(Masked(_ => 1), o => o.LossMaskColumnName = null), once);
        CollectionAssert.AreEqual(Weights(Masked(_ => 1), o => (o.LossMaskColumnName, o.RandomTokenMask) = (null, 4)), once);
    }

    [TestMethod]
    public void Training_goes_on_from_a_model_and_leaves_it_as_it_was()
    {
        using CausalLanguageModelTransformer first = TinyModel.Fit(epochs: 1);
        float before = Loss(first);
        using CausalLanguageModelTransformer second = TinyModel.Fit(change: o => (o.Pretrained, o.Training.Epochs) = (first, 3));
        Assert.AreEqual(before, Loss(first));
        Assert.IsLessThan(before - 0.3f, Loss(second));
    }

    [TestMethod]
    public void Training_goes_on_with_the_models_own_dropout_or_another()
    {
        using CausalLanguageModelTransformer first = TinyModel.Fit(epochs: 1, change: o => o.Network.Dropout = 0.1);
        (double Dropout, float[] Weights) GoOn(double? dropout)
        {
            using CausalLanguageModelTransformer second = TinyModel.Fit(epochs: 1, change: o => (o.Pretrained, o.Dropout, o.Network.Dropout) = (first, dropout, 0.4));
            return (second.Model.State.Network.Transformer.Dropout, Weights(second));
        }

        (double dropout, float[] own) = GoOn(null);
        Assert.AreEqual(0.1, dropout);
        CollectionAssert.AreEqual(own, GoOn(0.1).Weights);
        (dropout, float[] without) = GoOn(0);
        Assert.AreEqual(0, dropout);
        CollectionAssert.AreNotEqual(own, without);
        Assert.AreEqual(0.1, first.Model.State.Network.Transformer.Dropout);
    }

    [TestMethod]
    public void A_dropout_that_cannot_be_or_has_no_model_is_refused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TinyModel.Fit(change: o => o.Dropout = 0.1)).Message, "Pretrained is null");
        foreach (double dropout in new[] { -0.1, 1, double.NaN })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyModel.Fit(change: o => o.Dropout = dropout)).Message, "Dropout must be null or in [0, 1)");
    }

    [TestMethod]
    public void Training_does_not_go_on_from_a_model_that_was_disposed()
    {
        CausalLanguageModelTransformer first = TinyModel.Fit(epochs: 1);
        CausalLanguageModelTrainer trainer = _ml.LanguageModeling.Trainers.Causal(new CausalLanguageModelOptions { Pretrained = first });
        first.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => trainer.Fit(TinyModel.Tokenized(_ml)));
    }

    [TestMethod]
    public void A_rate_of_0_for_the_embeddings_keeps_them()
    {
        using CausalLanguageModelTransformer first = TinyModel.Fit(epochs: 1);
        using CausalLanguageModelTransformer second = TinyModel.Fit(change: o =>
        {
            (o.Pretrained, o.Training.Epochs, o.EmbeddingLearningRateFactor) = (first, 1, 0);
        });
        Dictionary<string, torch.Tensor> a = first.Model.Network.state_dict(), b = second.Model.Network.state_dict();
        Assert.IsTrue(a["tokens"].equal(b["tokens"]).all().ToBoolean());
        Assert.IsFalse(a.Keys.Where(k => k != "tokens").All(k => a[k].equal(b[k]).all().ToBoolean()));
    }

    [TestMethod]
    public void A_row_longer_than_the_context_is_scored_in_windows()
    {
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 2);
        string text = string.Concat(Enumerable.Range(0, 75).Select(i => (char)('a' + 3 * i % 20)));
        int[] ids = model.Encode(text);
        IDataView data = TinyModel.Tokenizer(_ml).Transform(_ml.Data.LoadFromEnumerable([new SentenceRow { Sentence = text }, new() { Sentence = "adg" }, new() { Sentence = "a" }]));
        SentencePrediction[] scored = [.. _ml.Data.CreateEnumerable<SentencePrediction>(model.Transform(data), reuseRowObject: false)];
        double expected = 0;
        for (int start = 0; start < ids.Length - 1; start += TinyModel.ContextLength)
        {
            int[] window = ids[start..Math.Min(ids.Length, start + TinyModel.ContextLength + 1)];
            // The scorer takes the context and no more: the last of a full window by itself.
            expected -= window.Length <= TinyModel.ContextLength
                ? model.LogProbabilities([window])[0].Sum()
                : model.LogProbabilities([window[..^1]])[0].Sum() + LastOf(model, window);
        }

        Assert.AreEqual(expected, scored[0].NegativeLogLikelihood, 1e-3);
        Assert.AreEqual(74, scored[0].TokenCount);
        Assert.AreEqual(MathF.Exp(scored[1].NegativeLogLikelihood / 2), scored[1].Perplexity, 1e-4f);
        Assert.AreEqual((0f, 0), (scored[2].NegativeLogLikelihood, scored[2].TokenCount));
        Assert.IsTrue(float.IsNaN(scored[2].Perplexity));
    }

    [TestMethod]
    public void Probabilities_of_all_next_tokens_add_up_to_1()
    {
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1);
        int[] prompt = model.Encode("adgj");
        double sum = model.LogProbabilities([.. Enumerable.Range(0, model.VocabularySize).Select(id => prompt.Append(id).ToArray())]).Sum(s => Math.Exp(s[^1]));
        Assert.AreEqual(1, sum, 1e-4);
    }

    [TestMethod]
    public void A_column_of_another_tokenizer_is_refused()
    {
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1);
        IDataView other = _ml.Data.LoadFromEnumerable(SentenceRow.Many(20));
        IDataView tokens = _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 270).Fit(other).Transform(other);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.Transform(tokens)).Message, "was made by the tokenizer");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TinyModel.Fit(change: o => o.Pretrained = model, data: tokens)).Message, "was made by the tokenizer");
    }

    [TestMethod]
    public void Word_pieces_are_refused()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(20));
        IDataView pieces = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence").Fit(texts).Transform(texts);
        string message = Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.Trainers.Causal().Fit(pieces)).Message;
        StringAssert.Contains(message, "'Tokens' was made by Text.TokenizeWordPieces");
        StringAssert.Contains(message, "TokenizeBytePairs");
    }

    [TestMethod]
    public void Tokens_without_a_tokenizer_are_refused_from_scratch()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new NumberRow { Tokens = [1, 2, 3] }]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.Trainers.Causal().Fit(data)).Message, "does not say which tokenizer made it");
    }

    [TestMethod]
    public void A_column_that_describes_its_tokenizer_wrongly_is_refused()
    {
        TokenColumnInfo tokens = TinyModel.Tokenizer(_ml).Tokenizer.ColumnInfo;
        foreach (TokenColumnInfo wrong in new[] { tokens with { SpecialTokens = new Dictionary<string, int> { ["eos"] = tokens.VocabularySize } }, tokens with { Fingerprint = "no" } })
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(NumberRow));
            wrong.AddTo(schema[nameof(NumberRow.Tokens)]);
            IDataView data = _ml.Data.LoadFromEnumerable([new NumberRow { Tokens = [1, 2, 3] }], schema);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.Trainers.Causal().Fit(data)).Message, "'Tokens' describes its tokenizer wrongly");
        }
    }

    private static float LastOf(CausalLanguageModelTransformer model, int[] window)
    {
        using torch.Tensor all = model.Model.Network.Logits(model.Model.Network.Hidden(torch.tensor(window[..^1].Select(i => (long)i).ToArray()).unsqueeze(0))).log_softmax(-1);
        return all[0, window.Length - 2, window[^1]].ToSingle();
    }

    private float Loss(CausalLanguageModelTransformer model)
    {
        SentencePrediction[] scored = [.. _ml.Data.CreateEnumerable<SentencePrediction>(model.Transform(TinyModel.Tokenized(_ml)), reuseRowObject: false)];
        return scored.Sum(s => s.NegativeLogLikelihood) / scored.Sum(s => s.TokenCount);
    }

    private IDataView Masked(Func<int, float> keep, int rows = 64, int seed = 0) => TinyModel.Tokenizer(_ml).Transform(_ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, rows).Select(i => new MaskedRow
        {
            Sentence = string.Concat(Enumerable.Range(0, 8).Select(t => (char)('a' + (seed + i + 3 * t) % 20))),
            LossMask = [.. Enumerable.Repeat(keep(i), 8)],
        }).ToArray()));

    private float[] Weights(IDataView data, Action<CausalLanguageModelOptions>? change = null)
    {
        using CausalLanguageModelTransformer model = Fit(data, change, null);
        return Weights(model);
    }

    private static float[] Weights(CausalLanguageModelTransformer model) =>
        [.. model.Model.Network.state_dict().Values.SelectMany(t => t.contiguous().data<float>().ToArray())];

    private List<TrainingProgress> Progress(IDataView data, Action<CausalLanguageModelOptions>? change = null)
    {
        var seen = new Reports();
        using CausalLanguageModelTransformer model = Fit(data, change, seen);
        return seen;
    }

    private CausalLanguageModelTransformer Fit(IDataView data, Action<CausalLanguageModelOptions>? change, IProgress<TrainingProgress>? progress)
    {
        var options = new CausalLanguageModelOptions
        {
            LossMaskColumnName = "LossMask",
            BatchSize = 16,
            Seed = 3,
            Network = { ContextLength = 16, Width = 16, Layers = 1, Heads = 2 },
            Training = { Epochs = 1, LearningRate = 0.01, Progress = progress },
        };
        change?.Invoke(options);
        return _ml.LanguageModeling.Trainers.Causal(options).Fit(data);
    }

    private sealed class MaskedRow
    {
        public string Sentence { get; set; } = "";

        public float[] LossMask { get; set; } = [];
    }

    private sealed class NumberRow
    {
        public int[] Tokens { get; set; } = [];
    }

    private sealed class Watch(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private sealed class Reports : List<TrainingProgress>, IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Add(value);
    }
}
