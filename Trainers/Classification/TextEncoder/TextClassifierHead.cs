using MLNetExt.Columns;

namespace MLNetExt.Classification;

/// <summary>What a saved text classifier holds of a label.</summary>
/// <param name="LabelColumn">The label's name.</param>
/// <param name="ClassCount">The number of classes, or of tags.</param>
/// <param name="Labels">The classes, or the tags; null when they have no names.</param>
/// <param name="Temperature">What logits are divided by before the softmax, or the sigmoid.</param>
/// <param name="IsMultiLabel">Whether a row has any number of tags, and not one class.</param>
internal sealed record TextClassifierHead(string LabelColumn, int ClassCount, KeyValues? Labels, double Temperature, bool IsMultiLabel);
