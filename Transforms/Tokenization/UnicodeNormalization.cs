using System.Text;

namespace MLNetExt.Tokenization;

/// <summary>Whether this process can normalise text. Where .NET runs without Unicode's data, it gives text back as it is, and other ids than in training would come out.</summary>
internal static class UnicodeNormalization
{
    private static readonly bool s_works = "\u00E9".Normalize(NormalizationForm.FormD).Length == 2;

    /// <param name="setting">The tokenizer's setting that needs it.</param>
    /// <exception cref="NotSupportedException">It cannot.</exception>
    public static void Require(string setting)
    {
        if (!s_works)
        {
            throw new NotSupportedException(
                $"The tokenizer has {setting}, and this process runs without Unicode's data, as .NET's invariant globalization is on: set InvariantGlobalization to false in the project file, not DOTNET_SYSTEM_GLOBALIZATION_INVARIANT to 1, and run where ICU is installed.");
        }
    }
}
