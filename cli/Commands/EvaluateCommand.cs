using System.CommandLine;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

internal sealed class EvaluateCommand(Terminal terminal) : Command("evaluate", terminal.ToString());
