using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>What a saved text classifier holds of a label.</summary>
/// <param name="LabelColumn">The label's name.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="Labels">The classes; null when the label's key has no values.</param>
/// <param name="Temperature">What logits are divided by before the softmax.</param>
internal sealed record TextClassifierHead(string LabelColumn, int ClassCount, KeyValues? Labels, double Temperature);
