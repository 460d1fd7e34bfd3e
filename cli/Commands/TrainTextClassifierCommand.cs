using System.CommandLine;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train text-classifier</c>.</summary>
internal sealed class TrainTextClassifierCommand : TrainerCommand
{
    private readonly Option<string> _text = new("--text") { Description = "The column with the texts.", Required = true, HelpName = "column" };
    private readonly Option<string?> _pair = new("--pair") { Description = "A column with a second text of each row, read together with the first, such as an answer to a question.", HelpName = "column" };
    private readonly Option<string> _label = new("--label") { Description = "The column with the classes.", Required = true, HelpName = "column" };
    private readonly TestPartOptions _test = new("A column that says 'test' for test rows and 'valid' for rows that choose the best epoch; all others are for training.");
    private readonly Option<string?> _pretrained = new("--pretrained") { Description = "Go on from this encoder, with its tokenizer. Without it an encoder is trained from scratch.", HelpName = "model.zip|folder" };
    private readonly WordPieceSettings _vocabulary = new();
    private readonly Option<int> _context = CheckedOption.Integer("--context", "The most tokens of a row that are read. With --pretrained those of the model, or fewer.", new EncoderNetworkOptions().ContextLength, atLeast: 4);
    private readonly TextClassifierSettings _settings = new();

    public TrainTextClassifierCommand(Terminal terminal)
        : base(
            terminal,
            "text-classifier",
            "Train a classifier of texts, or of pairs of texts, on a text encoder, pre-trained or new.",
            "Write the result as JSON; accuracy and ece are fractions.",
            "A CSV or TSV file with a header line, or JSON Lines.")
    {
        foreach (Option option in new Option[] { _text, _pair, _label })
            Add(option);
        _test.AddTo(this);
        foreach (Option option in (Option[])[_pretrained, .. _vocabulary.All, _context])
            Add(option);
        _settings.AddTo(this);
        AddRunOptions();
        Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_pretrained) && _settings.OfNetwork.Concat(_vocabulary.All).FirstOrDefault(Has) is { } idle)
                result.AddError($"{idle.Name}: with --pretrained the network and the tokenizer are those of the model; leave it out.");
            if (!Has(_pretrained) && _settings.OfPretrained.FirstOrDefault(Has) is { } needy)
                result.AddError($"{needy.Name} needs --pretrained, an encoder to go on from.");
        });
    }

    protected override TrainingJob CreateJob(ParseResult parsed, RunRequest run)
    {
        string? pretrained = parsed.GetValue(_pretrained);
        int context = parsed.GetValue(_context);
        var request = new TextClassifierRequest(
            new LabelledTextSource(run.Data, parsed.GetRequiredValue(_text), parsed.GetValue(_pair), parsed.GetRequiredValue(_label)),
            _test.Read(parsed),
            pretrained,
            _vocabulary.Read(parsed),
            pretrained is null || parsed.GetResult(_context) is { Implicit: false } ? context : null);
        return new TextClassifierJob(run, request, _settings.Read(parsed, context, goesOn: pretrained is not null));
    }
}
