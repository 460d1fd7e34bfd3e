using System.Text.Json.Serialization;

namespace MLNetExt.Objectives;

/// <summary>The loss that <see cref="SemanticConsistency"/> adds to that of the pass that drops tokens, each counting half.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsistencySecondTerm>))]
public enum ConsistencySecondTerm
{
    /// <summary>That of the full pass, as the paper says.</summary>
    Full,

    /// <summary>That of the dropped pass once more, as the published program computes it: the full pass then learns through the divergences alone.</summary>
    Released,
}
