namespace MLNetExt.Networks;

/// <summary>A change of the rotary frequencies for longer contexts.</summary>
/// <param name="Kind">Which frequencies change.</param>
/// <param name="Factor">What they are divided by, above 0.</param>
/// <param name="LowFrequencyFactor">Llama 3: a pair that turns fewer times than this within the original context is slow.</param>
/// <param name="HighFrequencyFactor">Llama 3: one that turns more often than this is fast; above <paramref name="LowFrequencyFactor"/>.</param>
/// <param name="OriginalContextLength">Llama 3: the context length that the network was first trained on.</param>
internal sealed record RotaryScaling(
    RotaryScalingKind Kind, double Factor, double LowFrequencyFactor = 1, double HighFrequencyFactor = 4, int OriginalContextLength = 8192)
{
    /// <summary>The scaled frequency, in radians a position.</summary>
    public double Apply(double frequency)
    {
        if (Kind == RotaryScalingKind.Linear)
            return frequency / Factor;
        double turns = OriginalContextLength * frequency / (2 * Math.PI);
        double kept = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
        return (1 - kept) * frequency / Factor + kept * frequency;
    }

    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public void Check()
    {
        NetworkCheck.Require(NetworkCheck.IsPositive(Factor), $"The factor of the rotary scaling is {Factor}: it must be above 0.");
        NetworkCheck.Require(
            HighFrequencyFactor > LowFrequencyFactor && double.IsFinite(HighFrequencyFactor - LowFrequencyFactor),
            $"The rotary scaling's HighFrequencyFactor is {HighFrequencyFactor} and its LowFrequencyFactor {LowFrequencyFactor}: the first must be above the second.");
        NetworkCheck.AtLeastOne(OriginalContextLength, nameof(OriginalContextLength));
    }
}
