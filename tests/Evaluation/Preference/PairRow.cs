using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tests.Evaluation;

/// <summary>A pair of completions, as ids and as text.</summary>
internal sealed class PairRow
{
    [VectorType]
    public int[] Prompt { get; set; } = [];

    [VectorType]
    public int[] Chosen { get; set; } = [];

    [VectorType]
    public int[] Rejected { get; set; } = [];

    public string PromptText { get; set; } = "";

    public string ChosenText { get; set; } = "";

    public string RejectedText { get; set; } = "";

    public static IDataView Load(MLContext ml, params (int[] Prompt, int[] Chosen, int[] Rejected)[] pairs) =>
        ml.Data.LoadFromEnumerable(pairs.Select(pair => new PairRow { Prompt = pair.Prompt, Chosen = pair.Chosen, Rejected = pair.Rejected }).ToArray());

    /// <summary>Pairs whose columns of ids name a tokenizer.</summary>
    public static IDataView Load(MLContext ml, PairRow[] rows, TokenColumnInfo tokens)
    {
        var schema = SchemaDefinition.Create(typeof(PairRow));
        foreach (string column in (string[])[nameof(Prompt), nameof(Chosen), nameof(Rejected)])
            tokens.AddTo(schema[column]);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }
}
