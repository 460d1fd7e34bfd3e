using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

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
        if (model.State.Tokens is { } tokens)
            TokenAnnotations.RequireSame(inputSchema[model.State.TokensColumn], tokens.Fingerprint);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        Check(batch);
        return [ScoredColumn.Vectors(_model.Embeddings(batch), _model.Network.Options.Transformer.Width)];
    }

    private void Check(TensorBatch batch)
    {
        EncoderState state = _model.State;
        int[][] rows = Rows(batch.Tokens(state.TokensColumn));
        int[][]? types = state.TokenTypesColumn is { } column ? Rows(batch.Tokens(column)) : null;
        for (int i = 0; i < rows.Length; i++)
        {
            long row = (batch.FirstRow ?? 0) + i;
            EncoderCheck.Tokens(rows[i], state.TokensColumn, state.Network.VocabularySize, state.Network.ContextLength, row);
            if (types is not null)
                EncoderCheck.Types(types[i], rows[i].Length, state.TokenTypesColumn!, state.TokensColumn, state.Network.TokenTypes, row);
        }
    }

    private static int[][] Rows(TokenRows rows)
    {
        long[] ids = rows.Ids.data<long>().ToArray(), lengths = rows.Lengths.data<long>().ToArray();
        int longest = (int)rows.Ids.shape[1];
        return [.. lengths.Select((length, i) => Array.ConvertAll(ids[(i * longest)..(i * longest + (int)length)], id => (int)id))];
    }
}
