using System.Diagnostics;
using System.Globalization;

namespace MLNetExt.Benchmarks;

/// <summary>Runs verbs of this program in processes of their own, whose memory can be measured.</summary>
internal static class ChildRun
{
    public const string Verb = "child";

    /// <summary>What the verb wrote last.</summary>
    public static string Output(string verb)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(ChildRun).Assembly.Location);
        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(verb);
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Trim().Split('\n')[^1]
            : throw new InvalidOperationException($"The child process '{verb}' ended with {process.ExitCode}:\n{output}");
    }

    /// <summary>The peak resident size of a process that runs the verb, which must return <see cref="Peak"/>.</summary>
    public static double PeakMebibytes(string verb) => double.Parse(Output(verb), CultureInfo.InvariantCulture) / 1024;

    /// <summary>The peak resident size of this process so far, in KiB, as Linux counts it.</summary>
    public static string Peak() => File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split()[^2];
}
