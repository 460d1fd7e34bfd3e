using System.CommandLine;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say what a training file's columns and parts are.</summary>
internal sealed class TrainingDataOptions
{
    private readonly Option<string> _label = new("--label") { Description = "The column with the classes.", Required = true, HelpName = "column" };
    private readonly TestPartOptions _test = new("A column that says 'test' for test rows; all others (train, valid) are for training.");
    private readonly Option<string[]> _ignore = CheckedOption.Columns("--ignore", "A column to leave out; may be repeated.");
    private readonly Option<string[]> _text = CheckedOption.Columns("--text", "A column to read as free text; may be repeated.");
    private readonly Option<string[]> _category = CheckedOption.Columns("--category", "A column to read as one of several values; may be repeated.");
    private readonly Option<string[]> _numeric = CheckedOption.Columns("--numeric", "A column to read as a number; may be repeated.");

    public void AddTo(Command command)
    {
        command.Add(_label);
        _test.AddTo(command);
        command.Add(_ignore);
        command.Add(_text);
        command.Add(_category);
        command.Add(_numeric);
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

        return new TrainingDataRequest(path, parsed.GetRequiredValue(_label), _test.Read(parsed), parsed.GetRequiredValue(_ignore), roles);
    }
}
