using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using MLNetExt.Sequences;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext generate</c>.</summary>
internal sealed class GenerateCommand : Command
{
    private static readonly GenerationOptions s_defaults = new();

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A language model: a model file, or a Hugging Face model directory." };
    private readonly Option<string[]> _prompts = new("--prompt") { Description = "A text to continue; may be repeated.", HelpName = "text", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _promptsFile = new("--prompts") { Description = "A file with a text to continue on each line.", HelpName = "file" };
    private readonly Option<int> _maxTokens = CheckedOption.Integer("--max-tokens", "The most tokens to add.", s_defaults.MaxNewTokens, atLeast: 1);
    private readonly Option<double> _temperature = CheckedOption.Number("--temperature", "Draws the more freely the higher it is; 0 takes the most likely token, always.", s_defaults.Temperature, v => v >= 0 && double.IsFinite(v), "of at least 0");
    private readonly Option<int> _topK = CheckedOption.Integer("--top-k", "Draws from this many of the most likely tokens; 0 for all.", s_defaults.TopK, atLeast: 0);
    private readonly Option<double> _topP = CheckedOption.Number("--top-p", "Draws from the most likely tokens that together have this probability.", s_defaults.TopP, v => v is > 0 and <= 1, "in (0, 1]");
    private readonly Option<double> _repetitionPenalty = CheckedOption.Number("--repetition-penalty", "Makes tokens that are there already less likely; 1 does not.", s_defaults.RepetitionPenalty, v => v >= 1 && double.IsFinite(v), "of at least 1");
    private readonly Option<int> _beams = CheckedOption.Integer("--beams", "Looks for the most likely continuation with so many beams; 1 for none.", s_defaults.Beams, atLeast: 1);
    private readonly Option<string[]> _stop = new("--stop") { Description = "A text that ends a continuation, of which it is no part; may be repeated.", HelpName = "text", DefaultValueFactory = _ => [] };
    private readonly Option<int> _seed = CheckedOption.Integer("--seed", "Decides what is drawn.", 1, atLeast: 0);
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON." };

    public GenerateCommand(Terminal terminal)
        : base("generate", "Continue texts with a language model.")
    {
        _terminal = terminal;
        Add(_model);
        foreach (Option option in new Option[] { _prompts, _promptsFile, _maxTokens, _temperature, _topK, _topP, _repetitionPenalty, _beams, _stop, _seed, _json })
            Add(option);
        Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_prompts) == Has(_promptsFile))
                result.AddError("Use one of --prompt and --prompts.");
        });
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        GenerationOptions options = Read(parsed);
        string[] prompts = Prompts(parsed);
        MLContext ml = Contexts.Create(_terminal);
        using var file = LanguageModelFile.Load(ml, parsed.GetRequiredValue(_model));
        file.RequireTokenizer();
        bool json = parsed.GetValue(_json);
        if (prompts is [var prompt] && !json && options.Beams == 1)
        {
            StreamAsync(file, prompt, options).GetAwaiter().GetResult();
            return ExitCode.Success;
        }

        IReadOnlyList<string> texts = file.Model.GenerateText(prompts, options, _terminal.Cancellation);
        if (json)
            _terminal.WriteJson(prompts.Zip(texts, (asked, text) => new { Prompt = asked, Text = text }));
        else
            Show(prompts, texts);
        return ExitCode.Success;
    }

    /// <exception cref="ArgumentException">Two options do not go together.</exception>
    private GenerationOptions Read(ParseResult parsed)
    {
        var options = new GenerationOptions
        {
            MaxNewTokens = parsed.GetValue(_maxTokens),
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            RepetitionPenalty = parsed.GetValue(_repetitionPenalty),
            Beams = parsed.GetValue(_beams),
            StopStrings = parsed.GetRequiredValue(_stop),
            Seed = parsed.GetValue(_seed),
        };
        options.Validate();
        return options;
    }

    private string[] Prompts(ParseResult parsed) => parsed.GetValue(_promptsFile) is { } path
        ? [.. new TextSource(path, Column: null, DocumentSplit.Lines).Read(splitColumn: null, _terminal.Cancellation).Select(line => line.Text)]
        : parsed.GetRequiredValue(_prompts);

    /// <summary>Writes what comes as it comes; a cancellation leaves whole what was written.</summary>
    private async Task StreamAsync(LanguageModelFile file, string prompt, GenerationOptions options)
    {
        bool hasBegun = false;
        try
        {
            await foreach (string piece in file.Model.GenerateTextAsync(prompt, options, _terminal.Cancellation).ConfigureAwait(false))
            {
                hasBegun = true;
                await _terminal.Out.WriteAsync(piece).ConfigureAwait(false);
            }

            hasBegun = true;
        }
        finally
        {
            if (hasBegun)
                await _terminal.Out.WriteLineAsync().ConfigureAwait(false);
        }
    }

    private void Show(string[] prompts, IReadOnlyList<string> texts)
    {
        for (int i = 0; i < prompts.Length; i++)
        {
            if (prompts.Length > 1)
                _terminal.Out.WriteLine($"> {prompts[i]}");
            _terminal.Out.WriteLine(texts[i]);
        }
    }
}
