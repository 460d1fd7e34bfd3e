using System.CommandLine;
using Microsoft.ML;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext embed</c>.</summary>
internal sealed class EmbedCommand : Command
{
    private readonly Terminal _terminal;
    private readonly TowerDataOptions _data = new(
        "Which side the rows are; left without it.",
        "A CSV or TSV file with a header line, or JSON Lines; it needs the columns of one side alone.",
        "A column of the data to write beside the embeddings; may be repeated.");

    private readonly Option<string> _out = new("--out") { Description = "The file to write: CSV, or ML.NET's binary format.", Required = true, HelpName = "file.csv|file.idv" };

    public EmbedCommand(Terminal terminal)
        : base("embed", "Write the embeddings that a two-tower model gives the rows of a file.")
    {
        _terminal = terminal;
        _out.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } path && !path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !EmbeddingFile.IsBinary(path))
                result.AddError($"--out must be a file that ends in .csv or {EmbeddingFile.Binary}, not '{path}'.");
        });
        _data.AddTo(this);
        Add(_out);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        ModelFile.RequireWritable(path);
        MLContext ml = Contexts.Create(_terminal);
        using TwoTowerModel model = _data.LoadModel(parsed, ml);
        EmbeddingFile.Write(ml, _data.Embed(parsed, ml, model[_data.SideOf(parsed) ?? Side.Left]), path, _terminal);
        return ExitCode.Success;
    }
}
