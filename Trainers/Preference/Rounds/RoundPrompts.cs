using Microsoft.ML;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>The prompts of which rounds draw completions: each different one of the data once.</summary>
/// <param name="Rows">The row of the data, from 0, in which each stands first.</param>
/// <param name="Tokens">The tokens of each.</param>
/// <param name="Empty">How many rows have a prompt without a token, and are left out.</param>
/// <param name="Cut">How many prompts have lost their beginning.</param>
internal sealed record RoundPrompts(IReadOnlyList<long> Rows, IReadOnlyList<int[]> Tokens, int Empty, int Cut)
{
    /// <param name="data">The data.</param>
    /// <param name="column">Its column of prompts.</param>
    /// <param name="model">Encodes them.</param>
    /// <param name="longest">The most tokens of a prompt, of which the last ones are kept.</param>
    public static RoundPrompts Read(IDataView data, string column, CausalModel model, int longest)
    {
        List<long> rows = [];
        List<int[]> tokens = [];
        var seen = new HashSet<string>();
        int empty = 0, cut = 0;
        foreach ((int row, string text) in RoundTexts.Of(data, column, "prompt").Index())
        {
            int[] ids = model.EncodePrompt(text);
            if (ids.Length == 0)
                empty++;
            if (ids.Length == 0 || !seen.Add(text))
                continue;
            cut += ids.Length > longest ? 1 : 0;
            rows.Add(row);
            tokens.Add(ids.Length > longest ? ids[^longest..] : ids);
        }

        return new RoundPrompts(rows, tokens, empty, cut);
    }
}
