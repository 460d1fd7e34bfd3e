using System.CommandLine;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say which rows are for the test.</summary>
/// <param name="splitDescription">What the trainer makes of the values of <c>--split-column</c>.</param>
internal sealed class TestPartOptions(string splitDescription)
{
    private readonly Option<string?> _split = new("--split-column") { Description = splitDescription, HelpName = "column" };
    private readonly Option<string?> _test = new("--test") { Description = "A file with the test rows.", HelpName = "file" };
    private readonly Option<double> _testFraction = CheckedOption.Number("--test-fraction", "The share of rows to set aside for the test.", 0, v => v is >= 0 and < 1, "in [0, 1)");

    public void AddTo(Command command)
    {
        Option[] options = [_split, _test, _testFraction];
        foreach (Option option in options)
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (options.Count(o => result.GetResult(o) is { Implicit: false }) > 1)
                result.AddError("Use only one of --split-column, --test and --test-fraction.");
        });
    }

    public TestPart Read(ParseResult parsed) => new(parsed.GetValue(_split), parsed.GetValue(_test), parsed.GetValue(_testFraction));
}
