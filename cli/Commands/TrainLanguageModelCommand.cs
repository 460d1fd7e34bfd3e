using System.CommandLine;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext train lm</c>.</summary>
internal sealed class TrainLanguageModelCommand : TrainerCommand
{
    private static readonly int s_contextLength = new CausalNetworkOptions().ContextLength;

    private readonly TextOptions _text = new();
    private readonly TestPartOptions _test = new("A column of the table that says 'test' for test rows and 'valid' for rows that choose the best epoch; all others are for training.");
    private readonly GoldfishSettings _goldfish = new("Never learn one of so many tokens, and always the same one of a passage, so that the text is not recited (goldfish loss, arXiv 2406.10209). 0 for none.");
    private readonly Option<string?> _from = new("--from") { Description = "Go on from this model, with its tokenizer.", HelpName = "model.zip|folder" };
    private readonly Option<int> _vocabulary = CheckedOption.Integer("--vocabulary", "How many different tokens text is cut into, at most.", 4096, atLeast: 261);
    private readonly Option<int> _context = CheckedOption.Integer("--context", "The most tokens that the model reads at once, and of a training row. With --from that of the model, or less.", s_contextLength, atLeast: 2);
    private readonly Option<bool> _packed = new("--packed") { Description = "Join documents before they are cut into rows, so that all rows are full." };
    private readonly Option<string?> _huggingFace = new("--huggingface") { Description = "Write the model as a Hugging Face model directory too.", HelpName = "folder" };
    private readonly LanguageModelSettings _settings = new();

    public TrainLanguageModelCommand(Terminal terminal)
        : base(
            terminal,
            "lm",
            "Train a causal language model on documents, or go on with one, if wanted by the goldfish loss (arXiv 2406.10209).",
            "Write the result as JSON; keptShare is a fraction.",
            TextOptions.DataDescription)
    {
        _text.AddTo(this);
        _test.AddTo(this);
        _goldfish.AddTo(this);
        foreach (Option option in new Option[] { _from, _vocabulary, _context, _packed, _huggingFace })
            Add(option);
        _settings.AddTo(this);
        AddRunOptions();
        Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_from) && _settings.OfNetwork.Prepend(_vocabulary).FirstOrDefault(Has) is { } idle)
                result.AddError($"{idle.Name}: with --from the network and the tokenizer are those of the model; leave it out.");
        });
    }

    protected override TrainingJob CreateJob(ParseResult parsed, RunRequest run)
    {
        bool choosesContext = parsed.GetResult(_context) is { Implicit: false };
        int context = parsed.GetValue(_context);
        string? from = parsed.GetValue(_from);
        var request = new LanguageModelRequest(
            _text.Read(parsed, run.Data),
            _test.Read(parsed),
            _goldfish.Read(parsed),
            from,
            parsed.GetValue(_vocabulary),
            choosesContext || from is null ? context : null,
            parsed.GetValue(_packed),
            parsed.GetValue(_huggingFace));
        return new LanguageModelJob(run, request, _settings.Read(parsed, context, goesOn: from is not null));
    }
}
