using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Adds the text with which a language model continues each row's prompt. Thread-safe; owns a copy of the model.</summary>
[LoadableComponent("MLNetExt.TextGeneration")]
public sealed class TextGenerationTransformer : BlockScoringTransformer, ILoadableTransformer<TextGenerationTransformer>
{
    private readonly TextGenerationState _state;
    private readonly CausalModel _model;

    internal TextGenerationTransformer(TextGenerationState state, CausalModel model) => (_state, _model) = (state, model);

    /// <summary>The prompts.</summary>
    public string InputColumnName => _state.InputColumn;

    /// <summary>The continuations.</summary>
    public string OutputColumnName => _state.OutputColumn;

    /// <inheritdoc/>
    protected override int BlockRows => _state.Model.ScoringBlockSize;

    /// <inheritdoc/>
    public static TextGenerationTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LibTorch.EnsureLoaded();
        TextGenerationState state = reader.ReadState<TextGenerationState>();
        state.RequireSound();
        using SafetensorsReader weights = reader.ReadWeights();
        CausalModel model = CausalModel.Load(state.Model, weights);
        try
        {
            model.RequireTokenizer();
            return new TextGenerationTransformer(state, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        writer.WriteState(_state);
        writer.WriteWeights(_model.Network.state_dict());
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new TextGenerationScorer(_model, _state, inputSchema);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _model.Dispose();
        base.Dispose(disposing);
    }
}
