using Microsoft.ML;

namespace MLNetExt.Components;

/// <summary>Makes the description that a trainer gives of itself; ML.NET keeps its constructor to itself.</summary>
public static class TrainerInfos
{
    /// <summary>Describes a trainer.</summary>
    /// <param name="needsNormalization">Whether features should be normalised before they reach it.</param>
    /// <param name="wantsCaching">Whether it reads its data more than once without keeping them.</param>
    /// <param name="supportsValidation">Whether it can use validation data.</param>
    public static TrainerInfo Create(bool needsNormalization, bool wantsCaching, bool supportsValidation) =>
        new(normalization: needsNormalization, calibration: false, caching: wantsCaching, supportValid: supportsValidation);
}
