using System.CommandLine;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train preference</c>.</summary>
internal sealed class TrainPreferenceCommand : TrainerCommand
{
    private readonly Option<string> _model = new("--model") { Description = "The language model to train; it is not changed.", Required = true, HelpName = "model.zip|folder" };
    private readonly PreferenceColumnOptions _columns = new();
    private readonly TestPartOptions _test = new("A column that says 'test' for test rows and 'valid' for rows that choose the best epoch; all others are for training.");
    private readonly Option<string?> _validation = new("--validation") { Description = "A file with the rows that choose the best epoch.", HelpName = "file" };
    private readonly Option<string?> _huggingFace = new("--huggingface") { Description = "Write the model as a Hugging Face model directory too.", HelpName = "folder" };
    private readonly PreferenceSettings _settings = new();

    public TrainPreferenceCommand(Terminal terminal)
        : base(
            terminal,
            "preference",
            "Train a language model to write what is preferred, with the pairwise Cringe loss (arXiv 2312.16682) or another.",
            "Write the result as JSON; accuracies are fractions.",
            PreferenceColumnOptions.DataDescription)
    {
        Add(_model);
        _columns.AddTo(this);
        _test.AddTo(this);
        Add(_validation);
        Add(_huggingFace);
        _settings.AddTo(this);
        AddRunOptions();
    }

    protected override TrainingJob CreateJob(ParseResult parsed, RunRequest run)
    {
        PreferenceSource source = _columns.Read(parsed, run.Data);
        var request = new PreferenceRequest(
            source,
            _test.Read(parsed),
            parsed.GetValue(_validation),
            parsed.GetRequiredValue(_model),
            _settings.Reference(parsed),
            _settings.Method(parsed),
            parsed.GetValue(_huggingFace));
        return new PreferenceJob(run, request, _settings.Read(parsed, source));
    }
}
