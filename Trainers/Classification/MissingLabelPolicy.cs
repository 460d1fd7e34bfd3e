using System.Text.Json.Serialization;

namespace MLNetExt.Classification;

/// <summary>What to do with training rows whose label is missing (key 0).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissingLabelPolicy>))]
public enum MissingLabelPolicy
{
    /// <summary>Leave them out, and warn in the log with their number.</summary>
    Skip,

    /// <summary>Fail, naming the first such row.</summary>
    Fail,
}
