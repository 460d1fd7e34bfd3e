using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Networks;
using MLNetExt.Sequences;
using MLNetExt.Tokenization;
using MLNetExt.Torch;

namespace MLNetExt.LanguageModeling;

/// <summary>A text encoder: adds to each row of tokens one vector, <c>Embedding</c>. Thread-safe; owns its weights.</summary>
/// <remarks>The vector is the mean of the last layer's over the row's tokens, or that of the first (<see cref="EncoderPooling"/>), and NaN for a row without tokens. A row that is longer
/// than the encoder's positions is an error that names it.</remarks>
[LoadableComponent("MLNetExt.MaskedLM")]
public sealed class MaskedLanguageModelTransformer : BlockScoringTransformer, ILoadableTransformer<MaskedLanguageModelTransformer>, IMaskedTokenScorer
{
    internal MaskedLanguageModelTransformer(EncoderModel model) => Model = model;

    /// <summary>The column that is read.</summary>
    public string TokensColumnName => Model.State.TokensColumn;

    /// <summary>The number of tokens that the encoder knows.</summary>
    public int VocabularySize => Model.Network.Options.VocabularySize;

    /// <summary>The most tokens of a row.</summary>
    public int ContextLength => Model.Network.Options.ContextLength;

    /// <summary>The tokenizer's fingerprint; null for a model that came without one.</summary>
    public string? TokenizerFingerprint => Model.State.Tokens?.Fingerprint;

    /// <summary>The tokenizer; null for a model that came without one.</summary>
    public TextTokenizer? Tokenizer => Model.Tokenizer;

    /// <summary>Where the blocks normalise.</summary>
    public EncoderFamily Family => Model.Network.Options.Transformer.Norm == NormPlacement.Post ? EncoderFamily.Bert : EncoderFamily.PreNorm;

    /// <summary>Whether tokens first receive their neighbours: see <see cref="EncoderNetworkOptions.LocalStem"/>.</summary>
    public bool HasLocalStem => Model.Network.Options.HasLocalStem;

    /// <summary>Whether the encoder was trained with the kinds of tokens, and reads them.</summary>
    public bool ReadsTypes => Model.State.TokenTypesColumn is not null;

    /// <summary>The number of blocks.</summary>
    public int Layers => Model.Network.Options.Transformer.Layers;

    /// <summary>The size of a token's vector, and of an embedding.</summary>
    public int Width => Model.Network.Options.Transformer.Width;

    /// <summary>The number of weights, the head's included; tied ones count once.</summary>
    public long WeightCount => Model.Network.parameters().Sum(p => p.numel());

    /// <summary>How hard each token was to predict, by its id: a moving average of its losses in training, 10 where it never was predicted, and 10,000 for special tokens, -10,000 for padding
    /// (<see cref="Masking.TokenImportance"/>). Null when it was not learned: see <see cref="EncoderDroppingOptions"/>. It is what training ended with, also where
    /// <see cref="Training.TrainingOptions.RestoreBestWeights"/> gives the weights of an earlier validation.</summary>
    public IReadOnlyList<float>? TokenImportance => Model.Importance;

    internal EncoderModel Model { get; }

    /// <inheritdoc/>
    protected override int BlockRows => Model.State.ScoringBlockSize;

    /// <inheritdoc/>
    public static MaskedLanguageModelTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LibTorch.EnsureLoaded();
        EncoderState state = reader.ReadState<EncoderState>();
        using SafetensorsReader weights = reader.ReadWeights();
        return new MaskedLanguageModelTransformer(EncoderModel.Load(state, weights));
    }

    /// <inheritdoc/>
    public IReadOnlyList<MaskedTokenScores> Score(IReadOnlyList<MaskedSequence> sequences, bool withVectors = true)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return new MaskedTokenReader(Model, withVectors).Score(sequences);
    }

    /// <summary>Says which tokens are likeliest where masks stand in a text.</summary>
    /// <param name="text">The text with the tokenizer's mask written in it: <c>[MASK]</c> for word pieces, <c>&lt;|mask|&gt;</c> for byte pairs. White space before a mask belongs to the token that is found.</param>
    /// <param name="count">How many tokens to give for each mask; 1 to <see cref="VocabularySize"/>.</param>
    /// <returns>For each mask, in the order of the text, its tokens from the likeliest on. Each mask is filled on its own, while the others stay.</returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer, or that one no mask.</exception>
    /// <exception cref="ArgumentException">The text has no mask, or is too long, or the count is out of range.</exception>
    /// <example><code>
    /// foreach (MaskCandidate token in model.FillMask("The [MASK] sat on the mat.")[0])
    ///     Console.WriteLine($"{token.Text} {token.Probability:P1}");
    /// </code></example>
    public IReadOnlyList<IReadOnlyList<MaskCandidate>> FillMask(string text, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new MaskFilling(Model).Fill(text, count);
    }

    /// <summary>Says which tokens are likeliest where masks stand among tokens.</summary>
    /// <param name="ids">The tokens, as the model was trained to read them: those that its tokenizer sets around texts among them.</param>
    /// <param name="count">How many tokens to give for each mask; 1 to <see cref="VocabularySize"/>.</param>
    /// <param name="maskId">The mask's id; null for that of the model's tokenizer.</param>
    /// <exception cref="InvalidOperationException">No <paramref name="maskId"/> is given, and the model has no tokenizer with a mask.</exception>
    /// <exception cref="ArgumentException">There is no mask, there are too many tokens, an id is not in the vocabulary, or the count is out of range.</exception>
    /// <inheritdoc cref="FillMask(string, int)" path="/returns"/>
    public IReadOnlyList<IReadOnlyList<MaskCandidate>> FillMask(IReadOnlyList<int> ids, int count = 5, int? maskId = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new MaskFilling(Model).Fill([.. ids], count, maskId);
    }

    /// <summary>Writes the model as a Hugging Face model directory, which appears whole or not at all: config.json, model.safetensors, with a tokenizer
    /// tokenizer.json and tokenizer_config.json, and for word pieces vocab.txt. <see cref="TokenImportance"/> has no place there.</summary>
    /// <param name="path">The directory; one that holds nothing but a model is replaced.</param>
    /// <exception cref="NotSupportedException">The encoder is not BERT: its norms stand before its sublayers, or it has a local stem. Nothing is written.</exception>
    /// <exception cref="IOException">The directory holds other files, or cannot be written.</exception>
    public void SaveHuggingFace(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        HuggingFaceEncoders.Save(Model, path);
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        writer.WriteState(Model.State);
        writer.WriteWeights(Model.Weights);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new EncoderScorer(Model, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Model.Dispose();
        base.Dispose(disposing);
    }
}
