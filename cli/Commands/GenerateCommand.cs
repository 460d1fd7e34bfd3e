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
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A language model: a model file, or a Hugging Face model directory." };
    private readonly Option<string[]> _prompts = new("--prompt") { Description = "A text to continue; may be repeated.", HelpName = "text", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _promptsFile = new("--prompts") { Description = "A file with a text to continue on each line.", HelpName = "file" };
    private readonly GenerationSettings _settings = new();
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON." };

    public GenerateCommand(Terminal terminal)
        : base("generate", "Continue texts with a language model.")
    {
        _terminal = terminal;
        Add(_model);
        Add(_prompts);
        Add(_promptsFile);
        _settings.AddTo(this);
        Add(_json);
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
        GenerationOptions options = _settings.Read(parsed);
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
