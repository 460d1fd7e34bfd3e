using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>Files of embeddings: CSV for other programs, or ML.NET's binary format.</summary>
internal static class EmbeddingFile
{
    /// <summary>The ending of ML.NET's binary files.</summary>
    public const string Binary = ".idv";

    public static bool IsBinary(string path) => path.EndsWith(Binary, StringComparison.OrdinalIgnoreCase);

    /// <summary>The column of one number of an embedding.</summary>
    public static string ColumnName(string embedding, int index) => string.Create(CultureInfo.InvariantCulture, $"{embedding}.{index}");

    /// <summary>Writes embeddings; the file appears whole or not at all.</summary>
    public static void Write(MLContext ml, EmbeddedRows embedded, string path, Terminal terminal)
    {
        if (IsBinary(path))
        {
            IDataView rows = embedded.Rows;
            foreach ((string name, string source) in embedded.Copied)
                rows = ml.Transforms.CopyColumns(source, name).Fit(rows).Transform(rows);
            rows = ml.Transforms.SelectColumns([.. embedded.Copied.Select(c => c.Source), embedded.Side.Embedding]).Fit(rows).Transform(rows);
            AtomicFile.Write(path, stream => ml.Data.SaveAsBinary(rows, stream));
            return;
        }

        AtomicFile.Write(path, stream =>
        {
            using var text = new StreamWriter(stream);
            VectorRows vectors = embedded.Vectors;
            var writer = new EmbeddingWriter(text, embedded.Side.Embedding);
            writer.WriteHeader(embedded.Copied.Select(c => c.Source), vectors.Width);
            vectors.ForEach(embedded.CopiedNames, writer.WriteRow, terminal.Cancellation);
            if (writer.Missing > 0)
                terminal.Warn($"{writer.Missing} of {writer.Rows} rows have no embedding: their numbers are NaN.");
        });
    }

    /// <summary>Opens a file that was written here.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The model that made the embeddings.</param>
    /// <param name="path">The file.</param>
    /// <param name="copied">The columns to show, and the option that asks for them.</param>
    /// <returns>Null when the file is a table without embeddings.</returns>
    /// <exception cref="UserErrorException">There is no such file, its embeddings are not the model's, or a column is missing.</exception>
    public static EmbeddedRows? TryOpen(MLContext ml, TwoTowerModel model, string path, (string[] Columns, string Option) copied)
    {
        EmbeddedRows? embedded = IsBinary(path) ? OpenBinary(ml, model, path, copied) : TryOpenTable(ml, model, TableFile.Open(path), copied);
        if (embedded is not null && embedded.Vectors.Width != model.Towers.EmbeddingSize)
            throw new UserErrorException(
                $"'{path}' has embeddings of {embedded.Vectors.Width} numbers, but the model gives {model.Towers.EmbeddingSize}: make it anew with 'mlnetext embed'.");
        return embedded;
    }

    private static EmbeddedRows? TryOpenTable(MLContext ml, TwoTowerModel model, TableFile file, (string[] Columns, string Option) copied)
    {
        foreach (TowerSide side in new[] { model.Left, model.Right })
        {
            int first = file.Columns.TakeWhile(c => c != ColumnName(side.Embedding, 0)).Count();
            int width = file.Columns.Skip(first).TakeWhile((c, i) => c == ColumnName(side.Embedding, i)).Count();
            if (width == 0)
                continue;
            var columns = CopiedColumns.Of(file, copied.Columns, copied.Option);
            IDataView rows = ml.Load(file, columns.Select(c => (c.Name, c.Source, DataKind.String)), (side.Embedding, first, first + width - 1));
            return new EmbeddedRows(rows, side, columns);
        }

        return null;
    }

    private static EmbeddedRows OpenBinary(MLContext ml, TwoTowerModel model, string path, (string[] Columns, string Option) copied)
    {
        IDataView rows = LoadBinary(ml, path);
        foreach (string column in copied.Columns)
        {
            if (rows.Schema.GetColumnOrNull(column)?.Type is not TextDataViewType)
                throw new UserErrorException($"'{path}' has no column '{column}' ({copied.Option}). {NearNames.Suggest(column, [.. rows.Schema.Where(c => c.Type is TextDataViewType).Select(c => c.Name)])}");
        }

        TowerSide side = new[] { model.Left, model.Right }.FirstOrDefault(s => rows.Schema.GetColumnOrNull(s.Embedding)?.Type is VectorDataViewType { IsKnownSize: true })
            ?? throw new UserErrorException($"'{path}' has no embeddings: make it with 'mlnetext embed'.");
        return new EmbeddedRows(rows, side, [.. copied.Columns.Select(c => (c, c))]);
    }

    private static IDataView LoadBinary(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException($"There is no file '{path}'.");
        try
        {
            return ml.Data.LoadFromBinary(path);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new UserErrorException($"'{path}' cannot be read as ML.NET's binary format: {e.GetBaseException().Message}");
        }
    }
}
