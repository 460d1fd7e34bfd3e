using Spectre.Console;

namespace MLNetExt.Cli.Output;

/// <summary>Where a command writes, and how it is told to stop.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress, warnings and errors.</param>
/// <param name="ErrorIsLive">Whether lines on <paramref name="Error"/> can be redrawn: a person watches.</param>
/// <param name="Cancellation">Cancelled by Ctrl-C.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool ErrorIsLive, CancellationToken Cancellation)
{
    private const int FileWidth = 120;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess(CancellationToken cancellation) => new(
        Console.Out, Console.Error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("CI") is null or "", cancellation);

    /// <summary>Shows a table, or anything else that Spectre.Console draws, as a result.</summary>
    public void Show(Spectre.Console.Rendering.IRenderable result) => ConsoleOver(Out).Write(result);

    /// <summary>Writes a warning.</summary>
    public void Warn(string message) => Error.WriteLine($"warning: {message}");

    /// <summary>Writes what the user should know and need not mend.</summary>
    public void Note(string message) => Error.WriteLine($"note: {message}");

    /// <summary>Spectre.Console over <see cref="Error"/>.</summary>
    public IAnsiConsole LiveError() => ConsoleOver(Error);

    private static IAnsiConsole ConsoleOver(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = FileWidth;
        return console;
    }
}
