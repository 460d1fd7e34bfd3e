using MLNetExt.Objectives;

namespace MLNetExt.Preference;

/// <summary>What the margins at the start say of the gate of pairwise Cringe.</summary>
internal static class StartGate
{
    // A hundredth of a step is as good as none.
    private const double Closed = 0.01;

    /// <summary>What is wrong with a gate; nothing when it is open for some pairs.</summary>
    /// <param name="options">The options.</param>
    /// <param name="objective">The loss, with its gate.</param>
    /// <param name="margins">The margins that the gate compares, of pairs at the start.</param>
    public static IEnumerable<string> Warnings(PairwiseCringeOptions options, PairwiseCringe objective, IReadOnlyList<double> margins)
    {
        if (options.AutoGate && margins.All(m => m == margins[0]))
            yield return $"AutoGate finds the same margin in all {margins.Count} pairs at the start: the gate's temperature is {nameof(PairwiseCringeOptions.Temperature)}, {options.Temperature}.";
        double mean = margins.Average(objective.Gate);
        if (mean < Closed)
            yield return $"The gate is {mean:G2} on average at the start, so that next to nothing is learned: raise {nameof(PairwiseCringeOptions.Offset)}, which is {objective.GateBias:G4}, to where the margins are, or set {nameof(PairwiseCringeOptions.AutoGate)}.";
    }
}
