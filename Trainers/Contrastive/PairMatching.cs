using System.Text.Json.Serialization;

namespace MLNetExt.Contrastive;

/// <summary>Which pairs of a batch match, beside a row's own left and right.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PairMatching>))]
public enum PairMatching
{
    /// <summary>No others.</summary>
    OwnRow,

    /// <summary>The left of a row and the right of another whose right is equal: a repeated caption fits all of its images.</summary>
    EqualRight,

    /// <summary>The left of a row and the right of another whose left is equal: a question that has several answers.</summary>
    EqualLeft,

    /// <summary>Rows with the same key in the group column.</summary>
    Group,
}
