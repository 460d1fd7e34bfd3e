using System.CommandLine;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext audit</c>: one subcommand a question.</summary>
internal sealed class AuditCommand : Command
{
    public AuditCommand(Terminal terminal)
        : base("audit", "Ask a model what it should not give away.") => Add(new AuditMemorizationCommand(terminal));
}
