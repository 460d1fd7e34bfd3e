using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>The pairs of the data, when it has any.</summary>
internal static class InitialPairs
{
    /// <summary>The pairs; none when the data has no columns of completions.</summary>
    public static TokenPair[] Read(IDataView data, PreferenceColumns columns, CausalModel model, int? endId)
    {
        if (columns.Completions.All(c => data.Schema.GetColumnOrNull(c) is null))
            return [];
        int[] Encode(string text) => CompletionEncoding.WithEnd(model.EncodeCompletion(text), endId);
        return
        [
            .. RoundTexts.Of(data, columns.Prompt!, "prompt")
                .Zip(RoundTexts.Of(data, columns.Completions[0], "completion"), RoundTexts.Of(data, columns.Completions[1], "completion"))
                .Select(row => new TokenPair { Prompt = model.EncodePrompt(row.First), Chosen = Encode(row.Second), Rejected = Encode(row.Third) }),
        ];
    }
}
