using System.Text.Json.Serialization;

namespace MLNetExt.Classification;

/// <summary>What to do about the square term's curvature when there are two or three classes.</summary>
/// <remarks>The term's curvature is 2w/(C-1): with C = 2 and w = 1 the loss is five times as curved as cross-entropy, and
/// diverges at learning rates that suit cross-entropy.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<FewClassesPolicy>))]
public enum FewClassesPolicy
{
    /// <summary>Use a <see cref="SquentropyOptions.SquareWeight"/> of at most 0.1, and say so in the log.</summary>
    ReduceSquareWeight,

    /// <summary>Use the weight as it is, and warn in the log.</summary>
    KeepSquareWeight,
}
