using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;

namespace MLNetExt.Cli.Models;

/// <summary>Loads from a file what a saved model reads, by the names and types in the model's input schema.</summary>
internal static class ModelInput
{
    /// <summary>Opens a file for a model.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="inputs">The model's input schema, or the columns of it that are needed.</param>
    /// <param name="file">The file.</param>
    /// <param name="texts">Other columns to load as text: the name in the view, the name in the file.</param>
    /// <exception cref="UserErrorException">The file lacks a column, or the model reads one that no file column can hold.</exception>
    public static IDataView Load(MLContext ml, IEnumerable<DataViewSchema.Column> inputs, TableFile file, IEnumerable<(string Name, string Source)> texts) => ml.Load(
        file,
        [
            .. inputs.Where(c => !c.IsHidden).Select(c => (c.Name, c.Name, KindOf(c))),
            .. texts.Select(t => (t.Name, t.Source, DataKind.String)),
        ]);

    private static DataKind KindOf(DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => DataKind.String,
        BooleanDataViewType => DataKind.Boolean,
        NumberDataViewType number when Enum.TryParse(number.RawType.Name, out DataKind kind) => kind,
        _ => throw new UserErrorException(
            $"The model's input '{column.Name}' is of type {column.Type}; a file's column can only hold a single number, text or Boolean."),
    };
}
