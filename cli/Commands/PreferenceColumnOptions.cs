using System.CommandLine;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say where prompts and completions are in a file.</summary>
internal sealed class PreferenceColumnOptions
{
    public const string DataDescription = "A CSV or TSV file with a header line, or JSON Lines (.jsonl), with a prompt, a chosen and a rejected completion a row.";

    private readonly Option<string?> _prompt = new("--prompt") { Description = "The column of the prompts. Without it: 'prompt', or, when a file of pairs has none, what both completions begin with.", HelpName = "column" };
    private readonly Option<string> _chosen = Column("--chosen", "The column of the completions that are preferred.", "chosen");
    private readonly Option<string> _rejected = Column("--rejected", "The column of the completions that are not.", "rejected");
    private readonly Option<string?> _completion = new("--completion") { Description = "The column of single completions, in the place of pairs: for binary-cringe, kto, unlikelihood and sft.", HelpName = "column" };
    private readonly Option<string> _label = Column("--label", "The column that says whether a single completion is desired: true or false, 1 or 0.", "label");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _prompt, _chosen, _rejected, _completion, _label })
            command.Add(option);
        command.Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            if (Has(_completion) && (Has(_chosen) || Has(_rejected)))
                result.AddError("Use --chosen and --rejected for pairs, or --completion and --label for single completions.");
            if (Has(_label) && !Has(_completion))
                result.AddError("--label needs --completion, the column that it judges.");
        });
    }

    /// <exception cref="UserErrorException">There is no such file, or two options name the same column.</exception>
    public PreferenceSource Read(ParseResult parsed, string path)
    {
        string? prompt = parsed.GetValue(_prompt), completion = parsed.GetValue(_completion);
        PreferenceSource source = completion is not null
            ? new PreferenceSource(path, prompt ?? PreferenceSource.PromptColumn, completion, Rejected: null, parsed.GetRequiredValue(_label))
            : new PreferenceSource(path, prompt ?? Usual(path), parsed.GetRequiredValue(_chosen), parsed.GetRequiredValue(_rejected), Label: null);
        return source.Texts.Append(source.Label).OfType<string>().GroupBy(name => name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new UserErrorException($"The column '{twice.Key}' is named for two things: prompts, completions and labels each have a column of their own.")
            : source;
    }

    private static string? Usual(string path) => TextColumns.Names(path).Contains(PreferenceSource.PromptColumn) ? PreferenceSource.PromptColumn : null;

    private static Option<string> Column(string name, string description, string usual) =>
        new(name) { Description = description, HelpName = "column", DefaultValueFactory = _ => usual };
}
