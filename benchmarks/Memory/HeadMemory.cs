namespace MLNetExt.Benchmarks;

/// <summary>One forward and backward pass of a language model's head. Runs in child processes.</summary>
internal static class HeadMemory
{
    public const string Idle = "head-idle";
    public const string Eager = "head-eager";
    public const string Ours = "head-ours";

    /// <summary>The verbs of the child processes: the peak resident size.</summary>
    public static string Run(string verb)
    {
        var subjects = new HeadSubjects();
        subjects.Setup();
        switch (verb)
        {
            case Idle:
                break;
            case Eager:
                subjects.TorchEager();
                break;
            case Ours:
                subjects.Head();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(verb), verb, "Not a verb of the head's memory.");
        }

        return ChildRun.Peak();
    }
}
