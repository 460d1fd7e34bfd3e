namespace MLNetExt.Cli.Output;

/// <summary>What an exception has to say to the person at the keyboard.</summary>
internal static class ExceptionMessage
{
    /// <summary>The message on one line, without .NET's "(Parameter 'x')" and "Actual value was" suffixes.</summary>
    public static string Of(Exception e)
    {
        string message = e.Message.ReplaceLineEndings(" ");
        int suffix = e is ArgumentException ? message.LastIndexOf(" (Parameter '", StringComparison.Ordinal) : -1;
        return suffix >= 0 ? message[..suffix] : message;
    }
}
