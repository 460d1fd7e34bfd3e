using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>File names of images, relative in a table, become whole paths before a model sees them: where images lie is no part of a model.</summary>
internal static class ImagePaths
{
    /// <summary>The folder that names are relative to.</summary>
    /// <param name="chosen">The value of <c>--image-folder</c>; null for the folder of the table.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="UserErrorException">There is no such folder.</exception>
    public static string Folder(string? chosen, string table)
    {
        string folder = Path.GetFullPath(chosen ?? Path.GetDirectoryName(Path.GetFullPath(table))!);
        return chosen is null || Directory.Exists(folder)
            ? folder
            : throw new UserErrorException($"--image-folder '{chosen}': there is no such folder.");
    }

    /// <summary>The rows with whole paths in a text column; empty cells stay empty.</summary>
    public static IDataView Complete(MLContext ml, IDataView rows, string column, string folder)
    {
        SchemaDefinition Definition()
        {
            var definition = SchemaDefinition.Create(typeof(FileCell));
            definition[nameof(FileCell.Path)].ColumnName = column;
            return definition;
        }

        void Complete(FileCell from, FileCell to) => to.Path = string.IsNullOrEmpty(from.Path) ? "" : System.IO.Path.Combine(folder, from.Path);
        return ml.Transforms.CustomMapping<FileCell, FileCell>(Complete, contractName: null, Definition(), Definition()).Fit(rows).Transform(rows);
    }

    private sealed class FileCell
    {
        public string? Path { get; set; }
    }
}
