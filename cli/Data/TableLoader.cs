using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>Loads columns of a delimited file by name, with ML.NET's TextLoader.</summary>
internal static class TableLoader
{
    /// <summary>Opens a file; rows are read when they are needed.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns to load: the name in the view, the name in the file, the kind.</param>
    /// <param name="vectors">Runs of number columns that become vectors of Single: the name in the view, the first and the last column.</param>
    public static IDataView Load(
        this MLContext ml,
        TableFile file,
        IEnumerable<(string Name, string Source, DataKind Kind)> columns,
        params IEnumerable<(string Name, int First, int Last)> vectors)
    {
        (string Name, string Source, DataKind Kind)[] single = [.. columns];
        foreach (string column in single.Select(c => c.Source).Concat(vectors.SelectMany(v => file.Columns.Take(v.First..(v.Last + 1)))))
            file.RequireReadable(column);
        var options = new TextLoader.Options
        {
            Separators = [file.Separator],
            HasHeader = true,
            AllowQuoting = true,
            ReadMultilines = true,
            TrimWhitespace = true,
            MissingRealsAsNaNs = true,
            Columns =
            [
                .. single.Select(c => new TextLoader.Column(c.Name, c.Kind, file.IndexOf(c.Source, "which the model reads"))),
                .. vectors.Select(v => new TextLoader.Column(v.Name, DataKind.Single, v.First, v.Last)),
            ],
        };
        return ml.Data.CreateTextLoader(options).Load(file.Rows);
    }

    /// <summary>The schema of a model that reads these columns, which are numbers or text.</summary>
    public static DataViewSchema Schema(IEnumerable<(string Name, string Source, DataKind Kind)> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach ((string name, _, DataKind kind) in columns)
            builder.AddColumn(name, kind == DataKind.Single ? NumberDataViewType.Single : TextDataViewType.Instance);
        return builder.ToSchema();
    }
}
