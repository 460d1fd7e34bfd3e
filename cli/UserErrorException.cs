namespace MLNetExt.Cli;

/// <summary>What the user gave cannot be used. The message is one sentence that says how to mend it.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
