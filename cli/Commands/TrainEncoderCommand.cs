using System.CommandLine;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train encoder</c>.</summary>
internal sealed class TrainEncoderCommand : TrainerCommand
{
    private readonly TextOptions _text = new();
    private readonly TestPartOptions _test = new("A column of the table that says 'test' for test rows and 'valid' for rows that choose the best epoch; all others are for training.");
    private readonly Option<string?> _from = new("--from") { Description = "Go on from this encoder, with its tokenizer.", HelpName = "model.zip|folder" };
    private readonly WordPieceSettings _vocabulary = new();
    private readonly Option<int> _context = CheckedOption.Integer("--context", "The most tokens that the encoder reads, and of a training row. With --from that of the model, or less for training rows.", new EncoderNetworkOptions().ContextLength, atLeast: 3);
    private readonly Option<string?> _huggingFace = new("--huggingface") { Description = "Write the encoder as a Hugging Face model directory too.", HelpName = "folder" };
    private readonly EncoderSettings _settings = new();

    public TrainEncoderCommand(Terminal terminal)
        : base(
            terminal,
            "encoder",
            "Train a text encoder on documents by masked tokens (BERT, arXiv 1810.04805), or go on with one, if wanted with token dropping.",
            "Write the result as JSON.",
            TextOptions.DataDescription)
    {
        _text.AddTo(this);
        _test.AddTo(this);
        foreach (Option option in (Option[])[_from, .. _vocabulary.All, _context, _huggingFace])
            Add(option);
        _settings.AddTo(this);
        AddRunOptions();
        Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_from) && _settings.OfNetwork.Concat(_vocabulary.All).FirstOrDefault(Has) is { } idle)
                result.AddError($"{idle.Name}: with --from the network and the tokenizer are those of the model; leave it out.");
        });
    }

    protected override TrainingJob CreateJob(ParseResult parsed, RunRequest run)
    {
        bool choosesContext = parsed.GetResult(_context) is { Implicit: false };
        int context = parsed.GetValue(_context);
        string? from = parsed.GetValue(_from);
        var request = new EncoderRequest(
            _text.Read(parsed, run.Data),
            _test.Read(parsed),
            from,
            _vocabulary.Read(parsed),
            choosesContext || from is null ? context : null,
            parsed.GetValue(_huggingFace));
        return new EncoderJob(run, request, _settings.Read(parsed, context, goesOn: from is not null));
    }
}
