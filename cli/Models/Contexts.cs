using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Classification;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Models;

/// <summary>Makes ML.NET contexts whose warnings reach the user.</summary>
internal static class Contexts
{
    /// <summary>What the library tells that a user should know and need not mend, by words in it.</summary>
    private static readonly string[] s_notes = [nameof(SquentropyOptions.SquareWeight), "Margins at the start"];

    /// <param name="terminal">Where warnings go.</param>
    /// <param name="seed">The seed; null where nothing random is done.</param>
    public static MLContext Create(Terminal terminal, int? seed = null)
    {
        var ml = new MLContext(seed);
        ml.Log += (_, entry) =>
        {
            // TextLoader tells of cells that it could not read at a lower level than their weight for the user.
            bool isUnreadableCell = entry.Kind == ChannelMessageKind.Info && entry.RawMessage.Contains("Bad value", StringComparison.Ordinal);
            if (entry.Kind >= ChannelMessageKind.Warning || isUnreadableCell)
                terminal.Warn(OptionNames.Translate(entry.RawMessage.Trim()));
            else if (entry.Kind == ChannelMessageKind.Info && s_notes.Any(words => entry.RawMessage.Contains(words, StringComparison.Ordinal)))
                terminal.Note(OptionNames.Translate(entry.RawMessage.Trim()));
        };
        return ml;
    }
}
