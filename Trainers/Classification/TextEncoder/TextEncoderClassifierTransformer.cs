using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;

namespace MLNetExt.Classification;

/// <summary>Adds <c>PredictedLabel</c>, <c>Score</c>, the probabilities of the classes, and <c>Embedding</c>, the encoder's vector of the text. Thread-safe; owns its weights.</summary>
/// <remarks>A row of special tokens alone has NaN scores and a missing label; its embedding is what the encoder makes of them. A row that the encoder cannot read is an error
/// that names it.</remarks>
[LoadableComponent("MLNetExt.TextEncoder")]
public sealed class TextEncoderClassifierTransformer : BlockScoringTransformer, ILoadableTransformer<TextEncoderClassifierTransformer>
{
    private readonly TextClassifierModel _model;

    internal TextEncoderClassifierTransformer(TextClassifierModel model) => _model = model;

    /// <summary>The column that is read.</summary>
    public string TokensColumnName => _model.State.Encoder.TokensColumn;

    /// <summary>The classes in key order; null when the label's key has no values.</summary>
    public KeyValues? Labels => _model.State.Labels;

    /// <summary>The number of classes.</summary>
    public int ClassCount => _model.State.ClassCount;

    /// <summary>What logits are divided by before the softmax; 1 without temperature scaling.</summary>
    public double Temperature => _model.State.Temperature;

    /// <summary>The number of tokens that the encoder knows.</summary>
    public int VocabularySize => _model.State.Encoder.Network.VocabularySize;

    /// <summary>The most tokens of a row.</summary>
    public int ContextLength => _model.State.Encoder.Network.ContextLength;

    /// <summary>The tokenizer's fingerprint.</summary>
    public string TokenizerFingerprint => _model.State.Encoder.Tokens!.Fingerprint;

    /// <summary>The size of an embedding.</summary>
    public int Width => _model.Width;

    /// <summary>The number of weights.</summary>
    public long WeightCount => _model.Weights.Sum(w => w.Value.numel());

    internal TextClassifierModel Model => _model;

    /// <inheritdoc/>
    protected override int BlockRows => _model.State.Encoder.ScoringBlockSize;

    /// <inheritdoc/>
    public static TextEncoderClassifierTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LibTorch.EnsureLoaded();
        TextEncoderClassifierState state = reader.ReadState<TextEncoderClassifierState>();
        using SafetensorsReader weights = reader.ReadWeights();
        return new TextEncoderClassifierTransformer(TextClassifierModel.Load(state, weights));
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_model.State);
        writer.WriteWeights(_model.Weights);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new TextClassifierScorer(_model, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _model.Dispose();
        base.Dispose(disposing);
    }
}
