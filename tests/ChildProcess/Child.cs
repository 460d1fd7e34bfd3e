using System.Diagnostics;

namespace MLNetExt.Tests.ChildProcess;

/// <summary>Runs this program's verbs in a fresh process; for the tests that reference it.</summary>
public static class Child
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>What the process wrote and how it ended.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Error);

    /// <summary>Runs <c>verb arguments...</c> to its end.</summary>
    /// <param name="verb">A verb of Program.cs.</param>
    /// <param name="arguments">What follows the verb.</param>
    /// <param name="environment">Variables to set on top of this process's own.</param>
    /// <param name="folder">Where the program lies; by default next to the test that runs it.</param>
    /// <param name="runtimeConfig">The file with the runtime's settings; by default that of the program.</param>
    /// <exception cref="TimeoutException">It ran for more than two minutes; it has been ended.</exception>
    public static async Task<Outcome> RunAsync(
        string verb,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string? runtimeConfig = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && IsDotnet(host) ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] settings = runtimeConfig is null ? [] : ["exec", "--runtimeconfig", runtimeConfig];
        string[] words = [.. settings, Path.Combine(folder ?? AppContext.BaseDirectory, "MLNetExt.ChildProcess.dll"), verb, .. arguments];
        foreach (string word in words)
            start.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_limit);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The child process '{verb}' ran for more than {s_limit.TotalMinutes:0} minutes.", e);
        }

        return new Outcome(process.ExitCode, await output, await error);
    }

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";
}
