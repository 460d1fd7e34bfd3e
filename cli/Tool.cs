using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using MLNetExt.Cli.Commands;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli;

/// <summary>The command line: parses, runs, and turns whatever happens into one sentence and an exit code.</summary>
internal static class Tool
{
    private static readonly Option<bool> s_verbose = new("--verbose")
    {
        Description = "Show where an error comes from.",
        Recursive = true,
    };

    /// <summary>Runs a command line to its end.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        ParseResult parsed = Root(terminal).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string message in parsed.Errors.Select(e => e.Message).Distinct())
                terminal.Error.WriteLine($"error: {message}");
            terminal.Error.WriteLine($"See '{CommandPath(parsed)} --help'.");
            return ExitCode.UserError;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception e)
        {
            Exception cause = CauseOf(e);
            terminal.Error.WriteLine(cause is OperationCanceledException ? "Cancelled." : $"error: {Sentence(cause)}");
            if (parsed.GetValue(s_verbose))
                terminal.Error.WriteLine(e);
            return ExitCode.Of(cause);
        }
    }

    private static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            $"""
            Trains, evaluates and applies ML.NET models.

            Exit codes: {ExitCode.Success} done, {ExitCode.Failure} failure, {ExitCode.UserError} wrong usage or unusable input, {ExitCode.Cancelled} cancelled.
            Results go to stdout; progress, warnings and errors go to stderr.
            """);
        root.Add(new TrainCommand(terminal));
        root.Add(new EvaluateCommand(terminal));
        root.Add(new PredictCommand(terminal));
        root.Add(new EmbedCommand(terminal));
        root.Add(new SearchCommand(terminal));
        root.Add(new ZeroShotCommand(terminal));
        root.Add(new GenerateCommand(terminal));
        root.Add(new CompareCommand(terminal));
        root.Add(new AuditCommand(terminal));
        root.Add(new InspectCommand(terminal));
        root.Add(new DoctorCommand(terminal));
        root.Add(s_verbose);
        return root;
    }

    /// <summary>The exception with the message that was meant for the user: ML.NET wraps what its components throw, and MLNetExt what it has more to say of.</summary>
    private static Exception CauseOf(Exception e)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner.Source?.StartsWith(nameof(MLNetExt), StringComparison.Ordinal) == true)
                return inner;
        }

        return e.GetBaseException();
    }

    private static string CommandPath(ParseResult parsed)
    {
        var path = new Stack<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
            path.Push(command.Command is RootCommand ? "mlnetext" : command.Command.Name);
        return string.Join(' ', path);
    }

    /// <summary>The message in the command line's words.</summary>
    private static string Sentence(Exception e) => e is UserErrorException ? ExceptionMessage.Of(e) : OptionNames.Translate(ExceptionMessage.Of(e));
}
