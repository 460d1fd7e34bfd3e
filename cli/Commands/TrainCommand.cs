using System.CommandLine;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train</c>: one subcommand a trainer.</summary>
internal sealed class TrainCommand : Command
{
    public TrainCommand(Terminal terminal)
        : base("train", "Train a model on a table or on text.")
    {
        Add(new TrainSquentropyCommand(terminal));
        Add(new TrainContrastiveCommand(terminal));
        Add(new TrainLanguageModelCommand(terminal));
        Add(new TrainEncoderCommand(terminal));
        Add(new TrainTextClassifierCommand(terminal));
        Add(new TrainPreferenceCommand(terminal));
    }
}
