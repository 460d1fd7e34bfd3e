using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>One side of the pairs.</summary>
/// <param name="Name">"left" or "right".</param>
/// <param name="Kind">What its columns are; as a whole they become one column for the tower.</param>
/// <param name="Plan">Its columns.</param>
internal sealed record PairSide(string Name, SideKind Kind, ColumnPlan Plan)
{
    private const string Separator = ",";

    private static readonly HashSet<string> s_imageEndings = new([".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The side's columns as a loader loads them: all but numbers of a vector are text.</summary>
    public IEnumerable<(string Name, string Source, DataKind Kind)> Sources =>
        Kind == SideKind.Vector ? Plan.Sources : Plan.Features.Select(c => (c.Name, c.Name, DataKind.String));

    /// <summary>Finds the columns in a file, and what they are.</summary>
    /// <exception cref="UserErrorException">A column is missing, or cannot be what the user says it is.</exception>
    public static PairSide Of(string name, SideRequest request, TrainingTable table, string imageFolder)
    {
        string[] columns = table.File.Columns.Contains(request.Columns)
            ? [request.Columns]
            : request.Columns.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] indices = [.. columns.Select(c => table.File.IndexOf(c, request.Option))];
        if (columns.Length == 0 || columns.Distinct().Count() < columns.Length)
            throw new UserErrorException($"{request.Option} '{request.Columns}' must name one or more columns, each of them once.");
        ColumnProfile[] profiles = [.. indices.Select(i => table.Profile.Columns[i])];
        if (profiles.All(p => p.Present == 0))
            throw new UserErrorException($"{request.Option} {request.Columns}: no training row has anything there.");

        SideKind kind = request.Kind ?? Infer(profiles);
        if (kind == SideKind.Image)
            RequireImages(request, columns, profiles[0], imageFolder);
        ColumnPlan plan = kind == SideKind.Vector
            ? ColumnPlan.Infer(table.File, table.Profile, table.File.Columns.Except(columns).ToHashSet(), new Dictionary<string, ColumnRole>())
            : new ColumnPlan([.. columns.Select(c => new FeatureColumn(c, ColumnRole.Text, HasMissing: false))], []);
        return new PairSide(name, kind, plan);
    }

    private static SideKind Infer(ColumnProfile[] columns) =>
        columns.All(c => c.NotNumber is null) ? SideKind.Vector
        : columns is [var only] && only.Distinct.All(value => s_imageEndings.Contains(Path.GetExtension(value))) ? SideKind.Image
        : SideKind.Text;

    private static void RequireImages(SideRequest request, string[] columns, ColumnProfile profile, string folder)
    {
        if (columns.Length > 1)
            throw new UserErrorException($"{request.Option} {request.Columns}: an image side has one column, which names the image's file.");
        if (!profile.Distinct.Any(value => File.Exists(Path.Combine(folder, value))))
            throw new UserErrorException(
                $"{request.Option} {request.Columns}: there is no image '{Path.Combine(folder, profile.Distinct.First())}'; say with --image-folder where the images are, or with {request.Option}-kind that the column is text.");
    }
}
