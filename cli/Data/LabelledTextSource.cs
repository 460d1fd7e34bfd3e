using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>A file of labelled texts.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">The column of the texts.</param>
/// <param name="Second">The column of the second texts; null for single ones.</param>
/// <param name="Label">The column of the classes.</param>
internal sealed record LabelledTextSource(string Path, string Text, string? Second, string Label)
{
    /// <summary>The columns that a model reads.</summary>
    public IEnumerable<string> Texts => Second is null ? [Text] : [Text, Second];

    /// <summary>Reads the rows of a training run.</summary>
    /// <param name="test">The rows to measure on.</param>
    /// <param name="seed">Decides the random test part.</param>
    /// <param name="validationFraction">The share of training rows that the trainer sets aside itself.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="UserErrorException">A file or the request cannot be used; says why.</exception>
    public RowParts<LabelledText> ReadParts(TestPart test, int seed, double validationFraction, CancellationToken cancellation)
    {
        if (Texts.Append(Label).Distinct().Count() <= Texts.Count())
            throw new UserErrorException("--text, --pair and --label must be different columns.");
        RowParts<LabelledText> parts = RowParts<LabelledText>.Read(Path, test, seed, path => (this with { Path = path }).Read(test.SplitColumn, cancellation));
        string[] classes = [.. parts.Train.Select(row => row.Label).Where(label => label.Length > 0).Distinct().Take(2)];
        if (classes.Length < 2)
            throw new UserErrorException(classes is [var only]
                ? $"--label {Label}: all training rows have the class '{only}'; a classifier needs at least two classes."
                : $"--label {Label}: no training row has a label.");
        return parts.Validation is null || validationFraction == 0
            ? parts
            : throw new UserErrorException($"--split-column {test.SplitColumn} has validation rows: leave --validation-fraction out, or name another column.");
    }

    /// <summary>Rows as a view, under the file's names.</summary>
    public IDataView View(MLContext ml, IEnumerable<LabelledText> rows)
    {
        var schema = SchemaDefinition.Create(typeof(LabelledText));
        schema[nameof(LabelledText.Text)].ColumnName = Text;
        schema[nameof(LabelledText.Label)].ColumnName = Label;
        if (Second is null)
            schema.Remove(schema[nameof(LabelledText.Second)]);
        else
            schema[nameof(LabelledText.Second)].ColumnName = Second;
        return ml.Data.LoadFromEnumerable<LabelledText>([.. rows], schema);
    }

    private (LabelledText Row, string? Part)[] Read(string? splitColumn, CancellationToken cancellation)
    {
        (string? Name, string Option)[] columns = [(Text, "--text"), (Second, "--pair"), (Label, "--label"), (splitColumn, "--split-column")];
        (LabelledText Row, string? Part)[] rows =
        [
            .. TextColumns.Read(Path, columns.Where(c => c.Name is not null).Select(c => (c.Name!, c.Option)), cancellation, gapsAreEmpty: true).Select(row =>
                (new LabelledText { Text = row[Text], Second = Second is null ? "" : row[Second], Label = row[Label].Trim() }, splitColumn is null ? null : row[splitColumn])),
        ];
        return rows.Length > 0 ? rows : throw new UserErrorException($"'{Path}' has no rows.");
    }
}
