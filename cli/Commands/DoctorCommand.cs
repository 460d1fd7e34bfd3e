using System.CommandLine;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

internal sealed class DoctorCommand(Terminal terminal) : Command("doctor", terminal.ToString());
