using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>The prompts of the data, and its pairs when it has any.</summary>
internal static class InitialPairs
{
    /// <summary>The tokens of each different prompt, at most <paramref name="longest"/> of them, in the order of the data.</summary>
    public static int[][] Prompts(IDataView data, string column, CausalModel model, int longest)
    {
        var seen = new HashSet<string>();
        return
        [
            .. Texts(data, column, "prompt")
                .Where(seen.Add)
                .Select(model.EncodePrompt)
                .Where(ids => ids.Length > 0)
                .Select(ids => ids.Length > longest ? ids[^longest..] : ids),
        ];
    }

    /// <summary>The pairs; none when the data has no columns of completions.</summary>
    public static TokenPair[] Pairs(IDataView data, PreferenceColumns columns, CausalModel model, int? endId)
    {
        if (columns.Completions.All(c => data.Schema.GetColumnOrNull(c) is null))
            return [];
        int[] Encode(string text) => endId is { } end ? [.. model.EncodeCompletion(text), end] : model.EncodeCompletion(text);
        return
        [
            .. Texts(data, columns.Prompt!, "prompt")
                .Zip(Texts(data, columns.Completions[0], "completion"), Texts(data, columns.Completions[1], "completion"))
                .Select(row => new TokenPair { Prompt = model.EncodePrompt(row.First), Chosen = Encode(row.Second), Rejected = Encode(row.Third) }),
        ];
    }

    private static IEnumerable<string> Texts(IDataView data, string column, string role) =>
        data.Schema.GetColumnOrNull(column) is { Type: TextDataViewType } found
            ? data.GetColumn<string>(found)
            : throw new ArgumentOutOfRangeException(nameof(column), $"The {role} column '{column}' must be text of the data: rounds hand it to the reward.");
}
