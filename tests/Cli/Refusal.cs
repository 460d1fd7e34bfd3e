namespace MLNetExt.Tests.Cli;

/// <summary>What the tool does with what it cannot use: one sentence, exit code 2, and nothing on stdout.</summary>
internal static class Refusal
{
    public static void Refuses(Workplace.Outcome outcome, params string[] parts)
    {
        Assert.AreEqual(2, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("", outcome.Out);
        Assert.DoesNotContain("   at ", outcome.Error);
        foreach (string part in parts)
            StringAssert.Contains(outcome.Error, part);
    }
}
