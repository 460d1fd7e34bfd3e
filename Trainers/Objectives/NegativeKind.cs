using System.Text.Json.Serialization;

namespace MLNetExt.Objectives;

/// <summary>Which negative pairs of a batch a <see cref="NegativeSelection"/> keeps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NegativeKind>))]
public enum NegativeKind
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>A uniformly random subset.</summary>
    Random,

    /// <summary>Those of the highest loss.</summary>
    Hard,

    /// <summary>Those of the lowest loss.</summary>
    Easy,
}
