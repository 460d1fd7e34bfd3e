using System.Diagnostics;

namespace MLNetExt.Tests.Packages;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    public sealed record Outcome(int ExitCode, string Output, string Error)
    {
        public string All => $"exit code {ExitCode}\n{Output}\n{Error}";

        public IEnumerable<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    public static async Task<Outcome> RunAsync(string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What `dotnet test` sets for its own children must not reach a build that is to be like a user's.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);

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
            throw new TimeoutException($"'{program}' ran for more than {s_limit.TotalMinutes:0} minutes.", e);
        }

        return new Outcome(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task<Outcome> SucceedAsync(string folder, string program, params IEnumerable<string> arguments)
    {
        Outcome outcome = await RunAsync(folder, program, arguments);
        Assert.AreEqual(0, outcome.ExitCode, $"{program} {string.Join(' ', arguments)}: {outcome.All}");
        return outcome;
    }
}
