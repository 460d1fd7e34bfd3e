using System.Text.Json.Serialization;

namespace MLNetExt.Objectives;

/// <summary>What the weight λ of <see cref="SemanticConsistency"/> is relative to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsistencyScale>))]
public enum ConsistencyScale
{
    /// <summary>λ weighs sums: divergences over rows against losses over masked tokens, as in the published program.</summary>
    Sum,

    /// <summary>λ weighs means: the mean divergence of a row against the mean loss of a masked token. They are means within a batch: batches that are accumulated to one update weigh rows
    /// by the masked tokens of their own batch, and the update is not quite that of one large batch, as with <see cref="Sum"/>.</summary>
    Mean,
}
