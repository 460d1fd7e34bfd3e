using System.CommandLine;
using MLNetExt.Classification;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train squentropy</c>.</summary>
internal sealed class TrainSquentropyCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _data = new("data") { Description = "A CSV or TSV file with a header line." };
    private readonly Option<string> _out = new("--out") { Description = "The model file to write.", Required = true, HelpName = "model.zip" };
    private readonly TrainingDataOptions _dataOptions = new();
    private readonly SquentropySettings _settings = new();
    private readonly Option<string?> _checkpoints = new("--checkpoints") { Description = "Where checkpoints are kept. Without it: <out>.checkpoints, which goes when training succeeds.", HelpName = "folder" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on from the newest checkpoint." };
    private readonly Option<int> _threads = CheckedOption.Integer("--threads", "How many threads compute; 0 for one a core.", 0, atLeast: 0);
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON; accuracy and ece are fractions." };

    public TrainSquentropyCommand(Terminal terminal)
        : base("squentropy", "Train a classifier with the squentropy loss (arXiv 2302.03952).")
    {
        _terminal = terminal;
        Add(_data);
        Add(_out);
        _dataOptions.AddTo(this);
        _settings.AddTo(this);
        Add(_checkpoints);
        Add(_resume);
        Add(_threads);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string model = parsed.GetRequiredValue(_out);
        SquentropyOptions options = _settings.Read(parsed);
        var job = new TrainingJob(_terminal, _dataOptions.Read(parsed, parsed.GetRequiredValue(_data)), options, model)
        {
            Checkpoints = new CheckpointFolder(parsed.GetValue(_checkpoints), model, parsed.GetValue(_resume)),
            Threads = parsed.GetValue(_threads),
        };
        try
        {
            TrainingOutcome outcome = job.Run();
            if (parsed.GetValue(_json))
                _terminal.WriteJson(outcome.ToJson());
            else
                outcome.Show(_terminal);
            return ExitCode.Success;
        }
        catch (Exception e) when (e.GetBaseException() is OperationCanceledException cancellation)
        {
            job.Checkpoints.ExplainResume(_terminal, cancellation, parsed.Tokens.Select(t => t.Value));
            return ExitCode.Cancelled;
        }
    }
}
