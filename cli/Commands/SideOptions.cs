using System.CommandLine;
using MLNetExt.Cli.Data;
using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that say what a side of the pairs is, and how large its tower.</summary>
internal sealed class SideOptions
{
    /// <summary>The kinds as typed; "auto" is decided by the cells.</summary>
    private static readonly Dictionary<string, SideKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image"] = SideKind.Image,
        ["text"] = SideKind.Text,
        ["text-bag"] = SideKind.TextBag,
        ["vector"] = SideKind.Vector,
    };

    private readonly Option<string> _columns;
    private readonly Option<SideKind?> _kind;
    private readonly Option<int> _width;
    private readonly Option<int> _depth;

    /// <param name="side">"left" or "right".</param>
    public SideOptions(string side)
    {
        _columns = new($"--{side}")
        {
            Description = $"The {side} side: a column of image files, a column of text or several that are joined, or columns of numbers.",
            Required = true,
            HelpName = "column[,column...]",
        };
        _kind = CheckedOption.OptionalChoice($"--{side}-kind", $"What the {side} side is; found out from its cells without it.", s_kinds);
        _width = CheckedOption.Integer($"--{side}-width", $"The width of the {side} tower; 0 for that of its kind.", 0, atLeast: 0);
        _depth = CheckedOption.Integer($"--{side}-depth", $"The depth of the {side} tower; 0 for that of its kind.", 0, atLeast: 0);
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _columns, _kind, _width, _depth })
            command.Add(option);
    }

    public SideRequest Read(ParseResult parsed) => new(_columns.Name, parsed.GetRequiredValue(_columns), parsed.GetValue(_kind));

    public void Apply(ParseResult parsed, TowerOptions tower) => (tower.Width, tower.Depth) = (parsed.GetValue(_width), parsed.GetValue(_depth));
}
