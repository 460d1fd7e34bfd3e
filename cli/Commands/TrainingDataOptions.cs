using System.CommandLine;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say what a training file's columns and parts are.</summary>
internal sealed class TrainingDataOptions
{
    private readonly Option<string> _label = new("--label") { Description = "The column with the classes.", Required = true, HelpName = "column" };
    private readonly Option<string?> _split = new("--split-column") { Description = "A column that says 'test' for test rows; all others (train, valid) are for training.", HelpName = "column" };
    private readonly Option<string?> _test = new("--test") { Description = "A file with the test rows.", HelpName = "file" };
    private readonly Option<double> _testFraction = CheckedOption.Number("--test-fraction", "The share of rows to set aside for the test.", 0, v => v is >= 0 and < 1, "in [0, 1)");
    private readonly Option<string[]> _ignore = CheckedOption.Columns("--ignore", "A column to leave out; may be repeated.");
    private readonly Option<string[]> _text = CheckedOption.Columns("--text", "A column to read as free text; may be repeated.");
    private readonly Option<string[]> _category = CheckedOption.Columns("--category", "A column to read as one of several values; may be repeated.");
    private readonly Option<string[]> _numeric = CheckedOption.Columns("--numeric", "A column to read as a number; may be repeated.");

    public void AddTo(Command command)
    {
        command.Add(_label);
        command.Add(_split);
        command.Add(_test);
        command.Add(_testFraction);
        command.Add(_ignore);
        command.Add(_text);
        command.Add(_category);
        command.Add(_numeric);
        command.Validators.Add(result =>
        {
            Option[] given = [.. new Option[] { _split, _test, _testFraction }.Where(o => result.GetResult(o) is { Implicit: false })];
            if (given.Length > 1)
                result.AddError("Use only one of --split-column, --test and --test-fraction.");
        });
    }

    public TrainingDataRequest Read(ParseResult parsed, string path)
    {
        var roles = new Dictionary<string, ColumnRole>();
        foreach (var (option, role) in new[] { (_text, ColumnRole.Text), (_category, ColumnRole.Category), (_numeric, ColumnRole.Number) })
        {
            foreach (string name in parsed.GetRequiredValue(option))
            {
                if (!roles.TryAdd(name, role) && roles[name] != role)
                    throw new UserErrorException($"{option.Name} {name}: the column has another role already.");
            }
        }

        return new TrainingDataRequest(
            path,
            parsed.GetRequiredValue(_label),
            parsed.GetValue(_split),
            parsed.GetValue(_test),
            parsed.GetValue(_testFraction),
            parsed.GetRequiredValue(_ignore),
            roles);
    }
}
