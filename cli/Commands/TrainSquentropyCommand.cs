using System.CommandLine;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train squentropy</c>.</summary>
internal sealed class TrainSquentropyCommand : TrainerCommand
{
    private readonly TrainingDataOptions _dataOptions = new();
    private readonly SquentropySettings _settings = new();

    public TrainSquentropyCommand(Terminal terminal)
        : base(terminal, "squentropy", "Train a classifier with the squentropy loss (arXiv 2302.03952).", "Write the result as JSON; accuracy and ece are fractions.")
    {
        _dataOptions.AddTo(this);
        _settings.AddTo(this);
        AddRunOptions();
    }

    protected override TrainingJob CreateJob(ParseResult parsed, RunRequest run) =>
        new SquentropyJob(run, _dataOptions.Read(parsed, run.Data), _settings.Read(parsed));
}
