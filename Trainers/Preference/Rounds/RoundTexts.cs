using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Preference;

/// <summary>The columns of text that rounds read.</summary>
internal static class RoundTexts
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or is no text.</exception>
    public static IEnumerable<string> Of(IDataView data, string column, string role) =>
        data.Schema.GetColumnOrNull(column) is { Type: TextDataViewType } found
            ? data.GetColumn<string>(found)
            : throw new ArgumentOutOfRangeException(nameof(column), $"The {role} column '{column}' must be text of the data: rounds hand it to the reward.");
}
