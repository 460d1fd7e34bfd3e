using static TorchSharp.torch;

namespace MLNetExt.Objectives;

/// <summary>log(1 − p) of log p.</summary>
internal static class LogComplement
{
    // log(1 − 1e-6): single precision resolves no less.
    private static readonly double s_largest = double.LogP1(-1e-6);

    /// <summary>The logarithm, with all digits of a small p; 1 − p counts as at least 1e-6, with zero gradient below.</summary>
    public static Tensor Of(Tensor logProbabilities) => logProbabilities.clamp(max: s_largest).expm1().neg().log();
}
