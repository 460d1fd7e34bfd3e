using System.CommandLine;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

internal sealed class InspectCommand(Terminal terminal) : Command("inspect", terminal.ToString());
