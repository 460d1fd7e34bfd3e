namespace MLNetExt.Preference;

/// <summary>How the margins log p(chosen) − log p(rejected), of completions or per token, lie over a sample of pairs.</summary>
/// <param name="P10">A tenth of the margins lie below it.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">A tenth of the margins lie above it.</param>
/// <param name="Deviation">Their standard deviation.</param>
public sealed record MarginQuantiles(double P10, double P50, double P90, double Deviation)
{
    internal static MarginQuantiles Of(IReadOnlyCollection<double> margins)
    {
        double[] sorted = [.. margins.Order()];
        double mean = sorted.Average();
        double At(double share)
        {
            double place = share * (sorted.Length - 1);
            int below = (int)place;
            return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
        }

        return new MarginQuantiles(At(0.1), At(0.5), At(0.9), Math.Sqrt(sorted.Average(m => (m - mean) * (m - mean))));
    }
}
