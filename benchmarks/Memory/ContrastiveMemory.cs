namespace MLNetExt.Benchmarks;

/// <summary>One forward and backward pass of the sigmoid loss over a large batch, d = 256. Runs in child processes.</summary>
internal static class ContrastiveMemory
{
    public const string Idle = "contrastive-idle";
    public const string Eager = "contrastive-eager";
    public const string Ours = "contrastive-ours";
    public const string OursLarge = "contrastive-ours-large";
    private const int IdleRows = 64;
    private const int Rows = 16_384;
    private const int LargeRows = 32_768;

    /// <summary>The verbs of the child processes: the peak resident size.</summary>
    public static string Run(string verb)
    {
        var subjects = new ContrastiveSubjects
        {
            Rows = verb switch
            {
                Idle => IdleRows,
                Eager or Ours => Rows,
                OursLarge => LargeRows,
                _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Not a verb of the contrastive loss's memory."),
            },
        };
        subjects.Setup();
        if (verb == Eager)
            subjects.TorchEager();
        else
            subjects.Sigmoid();
        return ChildRun.Peak();
    }
}
