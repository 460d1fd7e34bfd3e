using System.Collections.Concurrent;
using System.Diagnostics;

namespace MLNetExt.Tests;

/// <summary>A running sample: <c>dotnet run samples/x.cs arguments</c>. Disposing it ends it.</summary>
internal sealed class SampleProgram : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private SampleProgram(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public static string Root { get; } = FindRoot();

    public static SampleProgram Start(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", Path.Combine("samples", sample), "--", .. arguments])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var program = new SampleProgram(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, line) => program._output.Enqueue(line.Data ?? "");
        program._process.ErrorDataReceived += (_, line) => program._output.Enqueue(line.Data ?? "");
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    public async Task<int> WaitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MLNetExt.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("MLNetExt.sln is in no folder above the tests.");
    }
}
