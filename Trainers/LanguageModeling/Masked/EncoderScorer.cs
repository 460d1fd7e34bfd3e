using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Adds to each row of tokens its embedding.</summary>
internal sealed class EncoderScorer : BlockScorer
{
    public const string Embedding = nameof(Embedding);

    private readonly EncoderModel _model;

    public EncoderScorer(EncoderModel model, DataViewSchema inputSchema)
        : base(inputSchema, model.State.Columns().ToRead, [new(Embedding, new VectorDataViewType(NumberDataViewType.Single, model.Network.Options.Transformer.Width))])
    {
        _model = model;
        model.RequireTokenizer(inputSchema);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        _model.Read(batch);
        using Tensor embeddings = _model.Embeddings(batch);
        return [ScoredColumn.Vectors(embeddings.data<float>().ToArray(), _model.Network.Options.Transformer.Width)];
    }
}
