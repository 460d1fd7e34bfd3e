using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNetExt.LanguageModeling;

/// <summary>How far the parameters of a transformer are from its head.</summary>
internal static partial class HeadDistance
{
    /// <summary>How many blocks lie between a parameter and the head: none for what is behind the last block, and all for embeddings.</summary>
    /// <param name="name">The parameter's name in a decoder or an encoder.</param>
    /// <param name="layers">The number of blocks.</param>
    public static int Blocks(string name, int layers)
    {
        if (Block().Match(name) is { Success: true } block)
            return layers - 1 - int.Parse(block.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return name == "head" || name.StartsWith("transformer.", StringComparison.Ordinal) ? 0 : layers;
    }

    [GeneratedRegex(@"^transformer\.blocks\.(\d+)\.")]
    private static partial Regex Block();
}
