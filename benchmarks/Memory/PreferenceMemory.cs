namespace MLNetExt.Benchmarks;

/// <summary>Two training steps of the pairwise Cringe loss. Runs in child processes.</summary>
internal static class PreferenceMemory
{
    public const string Idle = "preference-idle";
    public const string Eager = "preference-eager";
    public const string Ours = "preference-ours";

    private const int Steps = 2;

    /// <summary>The verbs of the child processes: the peak resident size.</summary>
    public static string Run(string verb)
    {
        using var subjects = new PreferenceSubjects(Steps);
        switch (verb)
        {
            case Idle:
                break;
            case Eager:
                subjects.CringeEagerly()();
                break;
            case Ours:
                subjects.Cringe()();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(verb), verb, "Not a verb of the memory of preference optimisation.");
        }

        return ChildRun.Peak();
    }
}
