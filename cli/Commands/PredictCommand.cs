using System.CommandLine;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

internal sealed class PredictCommand(Terminal terminal) : Command("predict", terminal.ToString());
