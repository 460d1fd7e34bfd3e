using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Models;

namespace MLNetExt.Cli.Commands;

/// <summary>The arguments and options of commands that give a side of a two-tower model a file to read.</summary>
/// <param name="sideDescription">What the side is for.</param>
/// <param name="dataDescription">What the file is.</param>
/// <param name="copyDescription">What is done with copied columns.</param>
internal sealed class TowerDataOptions(string sideDescription, string dataDescription, string copyDescription)
{
    private readonly Argument<string> _model = new("model") { Description = "A model with two towers." };
    private readonly Argument<string> _data = new("data") { Description = dataDescription };
    private readonly Option<Side?> _side = CheckedOption.OptionalChoice("--side", sideDescription, Sides);
    private readonly Option<string?> _imageFolder = ImageFolderOption.Create();
    private readonly Option<string[]> _copy = CheckedOption.Columns("--copy", copyDescription);

    /// <summary>The sides as typed.</summary>
    public static IReadOnlyDictionary<string, Side> Sides { get; } = new Dictionary<string, Side>(StringComparer.OrdinalIgnoreCase)
    {
        ["left"] = Side.Left,
        ["right"] = Side.Right,
    };

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_data);
        foreach (Option option in new Option[] { _side, _copy, _imageFolder })
            command.Add(option);
    }

    public TwoTowerModel LoadModel(ParseResult parsed, MLContext ml) => TwoTowerModel.Load(ml, parsed.GetRequiredValue(_model));

    public string Data(ParseResult parsed) => parsed.GetRequiredValue(_data);

    public string? ImageFolder(ParseResult parsed) => parsed.GetValue(_imageFolder);

    /// <summary>The side that the user says; null when none is said.</summary>
    public Side? SideOf(ParseResult parsed) => parsed.GetValue(_side);

    /// <summary>The columns to copy, and the option that asks for them.</summary>
    public (string[] Columns, string Option) Copied(ParseResult parsed) => (parsed.GetRequiredValue(_copy), _copy.Name);

    /// <summary>Embeds the rows of the file.</summary>
    /// <exception cref="UserErrorException">The file lacks a column, or there is no such image folder.</exception>
    public EmbeddedRows Embed(ParseResult parsed, MLContext ml, TowerSide side)
    {
        string path = Data(parsed);
        TableFile file = TableFile.Open(path);
        (string[] columns, string option) = Copied(parsed);
        var copied = CopiedColumns.Of(file, columns, option);
        return new EmbeddedRows(side.Embed(side.Load(ml, file, ImagePaths.Folder(ImageFolder(parsed), path), copied)), side, copied);
    }
}
