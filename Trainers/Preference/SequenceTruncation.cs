using System.Text.Json.Serialization;

namespace MLNetExt.Preference;

/// <summary>Which part of a prompt with its completion is kept when the two are longer than a model may read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SequenceTruncation>))]
public enum SequenceTruncation
{
    /// <summary>The beginning: the completion loses its end.</summary>
    KeepStart,

    /// <summary>The end: the prompt loses its beginning.</summary>
    KeepEnd,
}
