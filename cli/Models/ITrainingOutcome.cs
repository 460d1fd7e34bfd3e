using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train</c> reports.</summary>
internal interface ITrainingOutcome
{
    /// <summary>The result as <c>--json</c> writes it.</summary>
    object ToJson();

    /// <summary>Shows the result to a person.</summary>
    void Show(Terminal terminal);
}
