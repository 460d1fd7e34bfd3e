namespace MLNetExt.Tests.Cli;

/// <summary>Cancels when a line with some words is written: when the user loses patience.</summary>
internal sealed class WatchedWriter(string part, CancellationTokenSource found) : StringWriter
{
    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.Contains(part, StringComparison.Ordinal) == true)
            found.Cancel();
    }
}
