using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Sequences;
using MLNetExt.Tokenization;
using MLNetExt.Torch;

namespace MLNetExt.LanguageModeling;

/// <summary>A language model: adds to each row of tokens how likely it holds them, scores and continues sequences. Thread-safe; owns its weights.</summary>
/// <remarks>
/// It adds <c>NegativeLogLikelihood</c>, the sum over all tokens of a row but its first, in nats; <c>TokenCount</c>, how many these are; and
/// <c>Perplexity</c>, exp(NegativeLogLikelihood / TokenCount), NaN for a row of fewer than two tokens. A row that is longer than the context is read in
/// windows, each of which begins with the last token of the one before.
/// </remarks>
[LoadableComponent("MLNetExt.CausalLM")]
public sealed class CausalLanguageModelTransformer : BlockScoringTransformer, ILoadableTransformer<CausalLanguageModelTransformer>, ISequenceScorer, ITextGenerator, ITextCodec
{
    internal CausalLanguageModelTransformer(CausalModel model) => Model = model;

    /// <summary>The column that is scored.</summary>
    public string TokensColumnName => Model.State.TokensColumn;

    /// <inheritdoc cref="ISequenceScorer.VocabularySize"/>
    public int VocabularySize => Model.Network.Options.VocabularySize;

    /// <inheritdoc cref="ISequenceScorer.ContextLength"/>
    public int ContextLength => Model.Network.Options.ContextLength;

    /// <inheritdoc cref="ISequenceScorer.TokenizerFingerprint"/>
    public string? TokenizerFingerprint => Model.State.Tokens?.Fingerprint;

    /// <summary>The family of the network.</summary>
    public DecoderFamily Family => Model.Network.Options.HasLearnedPositions ? DecoderFamily.Gpt2 : DecoderFamily.Llama;

    /// <summary>The number of blocks.</summary>
    public int Layers => Model.Network.Options.Transformer.Layers;

    /// <summary>The size of a token's vector.</summary>
    public int Width => Model.Network.Options.Transformer.Width;

    /// <summary>The number of weights, adapters included; tied ones count once.</summary>
    public long WeightCount => Model.Network.parameters().Sum(p => p.numel());

    /// <summary>Whether the model keeps low-rank adapters apart from its weights: see <see cref="LowRankOptions.Merge"/>.</summary>
    public bool HasAdapters => Model.Network.Adapters is not null;

    /// <summary>The tokenizer; null for a model that came without one.</summary>
    public BytePairTokenizer? Tokenizer => Model.Tokenizer;

    /// <inheritdoc/>
    public int? EndId => Model.State.EndId;

    internal CausalModel Model { get; }

    /// <inheritdoc/>
    protected override int BlockRows => Model.State.ScoringBlockSize;

    /// <inheritdoc/>
    public static CausalLanguageModelTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LibTorch.EnsureLoaded();
        CausalState state = reader.ReadState<CausalState>();
        using SafetensorsReader weights = reader.ReadWeights();
        return new CausalLanguageModelTransformer(CausalModel.Load(state, weights));
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return Model.LogProbabilities(sequences);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(options);
        return new TokenGeneration(Model, options).Run(prompts, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public int[] EncodePrompt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Model.RequireTokenizer();
        return Model.EncodePrompt(text);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public int[] EncodeCompletion(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Model.RequireTokenizer();
        return Model.EncodeCompletion(text);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        Model.RequireTokenizer();
        return Model.Decode(ids);
    }

    /// <summary>Continues texts.</summary>
    /// <param name="prompts">The texts.</param>
    /// <param name="options">How to choose tokens; greedily when null.</param>
    /// <param name="cancellationToken">Ends the call after the token that is being computed.</param>
    /// <returns>What comes behind each prompt.</returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    /// <inheritdoc cref="Generate" path="/exception"/>
    public IReadOnlyList<string> GenerateText(IReadOnlyList<string> prompts, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        Model.RequireTokenizer();
        return new TokenGeneration(Model, options ?? new GenerationOptions()).RunText([.. prompts.Select(Model.EncodePrompt)], cancellationToken);
    }

    /// <summary>Continues a text, and gives each piece as soon as it is there.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="options">How to choose tokens; greedily when null. Beams have no pieces: leave <see cref="GenerationOptions.Beams"/> at 1.</param>
    /// <param name="cancellationToken">Ends the continuation after the token that is being computed.</param>
    /// <inheritdoc cref="GenerateText" path="/exception"/>
    public async IAsyncEnumerable<string> GenerateTextAsync(
        string prompt, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Model.RequireTokenizer();
        var pieces = new TextPieceStream(Model, options ?? new GenerationOptions());
        await foreach (string piece in pieces.ReadAsync(prompt, cancellationToken).ConfigureAwait(false))
            yield return piece;
    }

    /// <summary>Writes the model as a Hugging Face model directory, which appears whole or not at all: config.json, model.safetensors, and with a
    /// tokenizer tokenizer.json and tokenizer_config.json. Adapters are merged into the weights that are written.</summary>
    /// <param name="path">The directory; one that holds nothing but a model is replaced.</param>
    /// <exception cref="IOException">The directory holds other files, or cannot be written.</exception>
    public void SaveHuggingFace(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        HuggingFaceModels.Save(Model, path);
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(Model.State);
        writer.WriteWeights(Model.Network.state_dict());
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new CausalScorer(Model, Model.State.TokensColumn, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Model.Dispose();
        base.Dispose(disposing);
    }
}
