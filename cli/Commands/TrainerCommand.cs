using System.CommandLine;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary>What the subcommands of <c>mlnetext train</c> have in common: from the options to a model file, or to a checkpoint when the user loses patience.</summary>
internal abstract class TrainerCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _data;
    private readonly Option<string> _out = new("--out") { Description = "The model file to write.", Required = true, HelpName = "model.zip" };
    private readonly Option<string?> _checkpoints = new("--checkpoints") { Description = "Where checkpoints are kept. Without it: <out>.checkpoints, which goes when training succeeds.", HelpName = "folder" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the newest checkpoint." };
    private readonly Option<int> _threads = CheckedOption.Integer("--threads", "How many threads compute; 0 for one a core.", 0, atLeast: 0);
    private readonly Option<bool> _json;

    /// <param name="terminal">Where to tell of it.</param>
    /// <param name="name">The subcommand.</param>
    /// <param name="description">What it does.</param>
    /// <param name="jsonDescription">What <c>--json</c> gives.</param>
    /// <param name="dataDescription">What the data file is.</param>
    protected TrainerCommand(
        Terminal terminal, string name, string description, string jsonDescription, string dataDescription = "A CSV or TSV file with a header line, or JSON Lines.")
        : base(name, description)
    {
        _terminal = terminal;
        _json = new("--json") { Description = jsonDescription };
        _data = new("data") { Description = dataDescription };
        Add(_data);
        Add(_out);
        SetAction(Run);
    }

    /// <summary>Adds the options that come last in the help.</summary>
    protected void AddRunOptions()
    {
        foreach (Option option in new Option[] { _checkpoints, _resume, _threads, _json })
            Add(option);
    }

    /// <summary>Makes the job.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">What the job is to be given.</param>
    protected abstract TrainingJob CreateJob(ParseResult parsed, RunRequest run);

    private int Run(ParseResult parsed)
    {
        string model = parsed.GetRequiredValue(_out);
        var checkpoints = new CheckpointFolder(parsed.GetValue(_checkpoints), model, parsed.GetValue(_resume));
        TrainingJob job = CreateJob(parsed, new RunRequest(_terminal, parsed.GetRequiredValue(_data), model, checkpoints, parsed.GetValue(_threads)));
        using var owned = job as IDisposable;
        try
        {
            ITrainingOutcome outcome = job.Run();
            if (parsed.GetValue(_json))
                _terminal.WriteJson(outcome.ToJson());
            else
                outcome.Show(_terminal);
            return ExitCode.Success;
        }
        catch (Exception e) when (e.GetBaseException() is OperationCanceledException cancellation)
        {
            checkpoints.ExplainResume(_terminal, cancellation, parsed.Tokens.Select(t => t.Value));
            return ExitCode.Cancelled;
        }
    }
}
