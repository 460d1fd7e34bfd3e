using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Models;

/// <summary>What to search for, from one of three options.</summary>
/// <param name="Texts"><c>--query</c>.</param>
/// <param name="Images"><c>--query-image</c>.</param>
/// <param name="Table"><c>--queries</c>: a file with the columns of a side.</param>
/// <param name="Side"><c>--query-side</c>; null to find out.</param>
/// <param name="ImageFolder"><c>--image-folder</c>, for the image files that the table names.</param>
internal sealed record SearchQueries(IReadOnlyList<string> Texts, IReadOnlyList<string> Images, string? Table, Side? Side, string? ImageFolder)
{
    /// <summary>Embeds the queries one after another.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="index">The side that is searched.</param>
    /// <param name="visit">Told each query and its embedding.</param>
    /// <param name="cancellation">Stops between queries.</param>
    /// <exception cref="UserErrorException">The model cannot read such queries, or a file is missing.</exception>
    public void ForEach(MLContext ml, TwoTowerModel model, TowerSide index, Visitor visit, CancellationToken cancellation)
    {
        if (Table is not null)
        {
            FromTable(ml, Side is { } chosen ? model[chosen] : model.Opposite(index), Table, visit, cancellation);
            return;
        }

        foreach (string image in Images.Where(image => !File.Exists(image)))
            throw new UserErrorException($"--query-image '{image}': there is no such file.");
        TowerSide side = Images.Count > 0
            ? Choose(model, index, "--query-image", "images", s => s.ReadsImages)
            : Choose(model, index, "--query", "text", s => s.ReadsText);
        IReadOnlyList<string> names = Images.Count > 0 ? Images : Texts;
        int row = 0;
        IDataView rows = side.EmbedValues(ml, Images.Count > 0 ? [.. Images.Select(Path.GetFullPath)] : Texts);
        new VectorRows(rows, side.Embedding).ForEach([], (_, embedding) => visit(names[row++], embedding), cancellation);
    }

    private void FromTable(MLContext ml, TowerSide side, string path, Visitor visit, CancellationToken cancellation)
    {
        TableFile file = TableFile.Open(path);
        string[] shown = [.. side.Inputs.Where(c => c.Type is TextDataViewType).Select(c => c.Name).Take(1)];
        IDataView rows = side.Embed(side.Load(ml, file, ImagePaths.Folder(ImageFolder, path), CopiedColumns.Of(file, shown, "which the model reads")));
        long row = 0;
        new VectorRows(rows, side.Embedding).ForEach(
            [.. shown.Select(CopiedColumns.NameOf)],
            (texts, embedding) =>
            {
                string number = string.Create(CultureInfo.InvariantCulture, $"row {row++}");
                visit(texts.Length > 0 ? $"{number}: {texts[0]}" : number, embedding);
            },
            cancellation);
    }

    /// <summary>The side of the queries: the one that the user says, else the one that is not searched, where it reads such queries.</summary>
    private TowerSide Choose(TwoTowerModel model, TowerSide index, string option, string what, Func<TowerSide, bool> reads)
    {
        TowerSide[] candidates = Side is { } chosen ? [model[chosen]] : [model.Opposite(index), index];
        return candidates.FirstOrDefault(reads) ?? throw new UserErrorException(
            Side is null
                ? $"{option}: no side of the model reads {what}; give the queries as a file with --queries."
                : $"{option}: the {candidates[0].Name} side of the model does not read {what}.");
    }

    /// <summary>Told a query and its embedding, which is valid during the call.</summary>
    public delegate void Visitor(string query, ReadOnlySpan<float> embedding);
}
