using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Continues the prompts of a block of rows.</summary>
internal sealed class TextGenerationScorer : BlockScorer
{
    private readonly CausalModel _model;
    private readonly TextGenerationState _state;

    public TextGenerationScorer(CausalModel model, TextGenerationState state, DataViewSchema inputSchema)
        : base(
            inputSchema,
            [state.ReadsText ? BatchColumn.Text(state.InputColumn) : BatchColumn.Tokens(state.InputColumn)],
            [new(state.OutputColumn, TextDataViewType.Instance)])
    {
        (_model, _state) = (model, state);
        if (!state.ReadsText)
            TokenAnnotations.RequireSame(inputSchema[state.InputColumn], state.Model.Tokens!.Fingerprint);
    }

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        int[][] prompts = _state.ReadsText
            ? [.. batch.Text(_state.InputColumn).Select(_model.EncodePrompt)]
            : Rows(batch.Tokens(_state.InputColumn));
        var generation = new TokenGeneration(_model, _state.Generation) { EqualPromptsDrawAlike = true };
        for (int row = 0; row < prompts.Length; row++)
        {
            if (generation.Problem(prompts[row]) is { } problem)
                throw new InvalidDataException($"The prompt of row {batch.FirstRow + row} in column '{_state.InputColumn}' {problem}");
        }

        return [ScoredColumn.Texts([.. generation.Run(prompts).Select(ids => _model.Decode(ids).AsMemory())])];
    }

    private static int[][] Rows(TokenRows rows)
    {
        using Tensor whole = rows.Ids.contiguous();
        long[] ids = whole.data<long>().ToArray(), lengths = rows.Lengths.data<long>().ToArray();
        int width = (int)whole.shape[1];
        return [.. lengths.Select((length, row) => ids.AsSpan(row * width, (int)length).ToArray().Select(id => (int)id).ToArray())];
    }
}
