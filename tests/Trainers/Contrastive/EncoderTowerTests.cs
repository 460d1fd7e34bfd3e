using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Contrastive;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.LanguageModeling;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Contrastive;

/// <summary>A pre-trained text encoder as one side of two towers.</summary>
[TestClass]
public sealed class EncoderTowerTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(EncoderPooling.Mean)]
    [DataRow(EncoderPooling.FirstToken)]
    public void An_encoder_that_stays_as_it_is_gives_its_own_embeddings_to_the_head(EncoderPooling pooling)
    {
        using MaskedLanguageModelTransformer encoder = TinyEncoder.Fit(_ml, o => o.Pooling = pooling);
        IDataView pairs = Tokenized(PairRow.Many(48));
        using ContrastiveTransformer model = _ml.Contrastive.Trainers.Sigmoid(Options(encoder, o => o.Left.LearningRateFactor = 0)).Fit(pairs);
        Dictionary<string, Tensor> weights = model.Left.Model.Weights;
        CollectionAssert.AreEqual(encoder.Weights(), Encoder(weights));

        using var scope = NewDisposeScope();
        float[][] own = [.. encoder.Transform(pairs).GetColumn<float[]>("Embedding")];
        Tensor raw = tensor(own.SelectMany(e => e).ToArray()).reshape(own.Length, -1).matmul(weights["head.weight"]) + weights["head.bias"];
        float[] expected = (raw / raw.norm(1, keepdim: true)).data<float>().ToArray();
        float[] actual = [.. model.Left.Transform(pairs).GetColumn<float[]>("LeftEmbedding").SelectMany(e => e)];
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f, $"value {i}");
    }

    [TestMethod]
    public void The_encoder_is_trained_with_its_head_and_the_one_given_stays()
    {
        using MaskedLanguageModelTransformer encoder = TinyEncoder.Fit(_ml);
        float[] before = encoder.Weights();
        using ContrastiveTransformer model = _ml.Contrastive.Trainers.Sigmoid(Options(encoder)).Fit(Tokenized(PairRow.Many(48)));
        Assert.AreEqual(TowerKind.Encoder, model.Left.Kind);
        CollectionAssert.AreNotEqual(before, Encoder(model.Left.Model.Weights));
        CollectionAssert.AreEqual(before, encoder.Weights(), "Fit changed the encoder to begin with");
        using ContrastiveTransformer onwards = _ml.Contrastive.Trainers.Sigmoid(Options(encoder, o => (o.Left.Encoder, o.Left.Pretrained, o.Left.IsLocked) = (null, model.Left, true))).Fit(Tokenized(PairRow.Many(48)));
        CollectionAssert.AreEqual(Encoder(model.Left.Model.Weights), Encoder(onwards.Left.Model.Weights), "a locked tower");
    }

    [TestMethod]
    public void What_does_not_go_with_an_encoder_is_refused()
    {
        using MaskedLanguageModelTransformer encoder = TinyEncoder.Fit(_ml);
        IDataView pairs = Tokenized(PairRow.Many(48));
        void Refused<T>(string part, IDataView data, Action<SigmoidContrastiveOptions> change)
            where T : Exception => Assert.Contains(part, Assert.ThrowsExactly<T>(() => _ml.Contrastive.Trainers.Sigmoid(Options(encoder, change)).Fit(data)).Message);

        Refused<ArgumentException>("Left.Kind is TextTransformer and Left.Encoder is set", pairs, o => o.Left.Kind = TowerKind.TextTransformer);
        Refused<ArgumentException>("Right.Kind is Encoder and Right.Encoder is not set", pairs, o => o.Right.Kind = TowerKind.Encoder);
        Refused<ArgumentException>("cannot read column 'RightText'", pairs, o => o.LeftColumnName = "RightText");
        using ContrastiveTransformer model = _ml.Contrastive.Trainers.Sigmoid(Options(encoder)).Fit(pairs);
        Refused<ArgumentException>("Left.Encoder and Left.Pretrained are both set", pairs, o => o.Left.Pretrained = model.Left);
        IDataView other = _ml.Transforms.Text.TokenizeWordPieces("Tokens", "LeftText", vocabularySize: 100).Fit(pairs).Transform(pairs);
        Refused<ArgumentException>("tokenizer", other, _ => { });
        MaskedLanguageModelTransformer disposed = TinyEncoder.Fit(_ml);
        disposed.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => _ml.Contrastive.Trainers.Sigmoid(Options(disposed)));
    }

    /// <summary>Rows are cut at the encoder's 16 positions, where a text is longer.</summary>
    [TestMethod]
    public void Longer_texts_are_cut_at_the_encoder_s_positions()
    {
        using MaskedLanguageModelTransformer encoder = TinyEncoder.Fit(_ml);
        using ContrastiveTransformer model = _ml.Contrastive.Trainers.Sigmoid(Options(encoder)).Fit(Tokenized(PairRow.Many(48)));
        PairRow[] rows = [new() { RightText = "0123456789abcdef", Right = new float[4] }, new() { RightText = "0123456789abcdef and more", Right = new float[4] }];
        float[][] embeddings = [.. model.Left.Transform(Tokenized(rows)).GetColumn<float[]>("LeftEmbedding")];
        CollectionAssert.AreEqual(embeddings[0], embeddings[1]);
    }

    private IDataView Tokenized(PairRow[] rows)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Text.TokenizeBytePairs("Tokens", nameof(PairRow.RightText), vocabularySize: 261).Fit(view).Transform(view);
    }

    private static SigmoidContrastiveOptions Options(MaskedLanguageModelTransformer encoder, Action<SigmoidContrastiveOptions>? change = null)
    {
        var options = new SigmoidContrastiveOptions { LeftColumnName = "Tokens", BatchSize = 16, Seed = 5, EmbeddingSize = 8, Left = { Encoder = encoder }, Right = { Width = 16 } };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.01);
        change?.Invoke(options);
        return options;
    }

    private static float[] Encoder(Dictionary<string, Tensor> weights) =>
        [.. weights.Where(w => w.Key.StartsWith("encoder.", StringComparison.Ordinal)).OrderBy(w => w.Key["encoder.".Length..]).SelectMany(w => w.Value.data<float>().ToArray())];
}
