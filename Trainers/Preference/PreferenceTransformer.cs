using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Torch;

namespace MLNetExt.Preference;

/// <summary>A language model that was trained on preferences.</summary>
/// <remarks>
/// It adds to each pair, all of type Single, <c>ChosenLogProbability</c> and <c>RejectedLogProbability</c>, the sums over the tokens of the completion given the
/// prompt, in nats, and <c>Margin</c>, their difference; trained on single completions, <c>LogProbability</c>. They are NaN where a completion has no token to be predicted: it is empty, or
/// the limit of length has cut it away. <see cref="LanguageModel"/> generates, and is what
/// is used further on.
/// </remarks>
[LoadableComponent("MLNetExt.Preference")]
public sealed class PreferenceTransformer : BlockScoringTransformer, ILoadableTransformer<PreferenceTransformer>, ISequenceScorer, ITextGenerator, ITextCodec
{
    private readonly PreferenceState _state;

    internal PreferenceTransformer(PreferenceState state, CausalModel model)
    {
        _state = state;
        LanguageModel = new CausalLanguageModelTransformer(model);
    }

    /// <summary>The language model: it generates, is saved for Hugging Face, and is trained further. It is disposed with this transformer.</summary>
    public CausalLanguageModelTransformer LanguageModel { get; }

    /// <inheritdoc/>
    public int VocabularySize => LanguageModel.VocabularySize;

    /// <inheritdoc/>
    public int ContextLength => LanguageModel.ContextLength;

    /// <inheritdoc cref="ISequenceScorer.TokenizerFingerprint"/>
    public string? TokenizerFingerprint => LanguageModel.TokenizerFingerprint;

    /// <inheritdoc/>
    public int? EndId => LanguageModel.EndId;

    /// <inheritdoc/>
    protected override int BlockRows => _state.Model.ScoringBlockSize;

    /// <inheritdoc/>
    public static PreferenceTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LibTorch.EnsureLoaded();
        PreferenceState state = reader.ReadState<PreferenceState>();
        state.RequireSound();
        using SafetensorsReader weights = reader.ReadWeights();
        return new PreferenceTransformer(state, CausalModel.Load(state.Model, weights));
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences) => LanguageModel.LogProbabilities(sequences);

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default) =>
        LanguageModel.Generate(prompts, options, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public int[] EncodePrompt(string text) => LanguageModel.EncodePrompt(text);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public int[] EncodeCompletion(string text) => LanguageModel.EncodeCompletion(text);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids) => LanguageModel.Decode(ids);

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_state);
        writer.WriteWeights(LanguageModel.Model.Network.state_dict());
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new PreferenceScorer(LanguageModel.Model, _state, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            LanguageModel.Dispose();
        base.Dispose(disposing);
    }
}
