using System.Text.Json.Serialization;

namespace MLNetExt.Contrastive;

/// <summary>What to do with a row that has nothing on one side: an image that cannot be read, an empty text, a vector of zeros, NaN or infinity that passes through as it is;
/// and, where one side is preferred to the other, with a row whose sides are equal.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UnusableRowPolicy>))]
public enum UnusableRowPolicy
{
    /// <summary>Stop, naming the row, the column and the reason.</summary>
    Fail,

    /// <summary>Leave the row out of training, with a warning that counts such rows and names the first; when scoring, its embedding is NaN.</summary>
    Skip,
}
