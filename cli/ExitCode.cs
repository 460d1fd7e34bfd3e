namespace MLNetExt.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int UserError = 2;

    /// <summary>128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;

    /// <summary>The code for an error.</summary>
    /// <param name="cause">The exception that began it, not one around it.</param>
    public static int Of(Exception cause) => cause switch
    {
        OperationCanceledException => Cancelled,
        UserErrorException or ArgumentException or InvalidDataException => UserError,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => UserError,
        _ => Failure,
    };
}
