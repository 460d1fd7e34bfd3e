using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Cli.Data;
using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Models;

/// <summary>One side of a saved two-tower model: its tower, and of the parts before it those that the tower's column depends on, so that data
/// need no columns but its own.</summary>
internal sealed class TowerSide
{
    private readonly ITransformer _features;
    private readonly EmbeddingTransformer _tower;

    private TowerSide(string name, ITransformer features, EmbeddingTransformer tower, IReadOnlyList<DataViewSchema.Column> inputs, DataViewType type)
    {
        Name = name;
        _features = features;
        _tower = tower;
        Inputs = inputs;
        ReadsImages = type is ImageDataViewType;
        ReadsText = (type is TextDataViewType || (type as VectorDataViewType)?.ItemType == NumberDataViewType.Int32) && inputs.All(c => c.Type is TextDataViewType);
    }

    /// <summary>"left" or "right".</summary>
    public string Name { get; }

    /// <summary>The model's input columns that the side reads.</summary>
    public IReadOnlyList<DataViewSchema.Column> Inputs { get; }

    /// <summary>Whether its columns name image files.</summary>
    public bool ReadsImages { get; }

    /// <summary>Whether its columns are text, and nothing else.</summary>
    public bool ReadsText { get; }

    /// <summary>The column of the embeddings.</summary>
    public string Embedding => _tower.OutputColumnName;

    /// <summary>Finds out what a side needs.</summary>
    /// <param name="name">"left" or "right".</param>
    /// <param name="tower">The side's tower.</param>
    /// <param name="before">The model's parts before the towers, in order.</param>
    /// <param name="inputs">The model's input schema.</param>
    public static TowerSide Of(string name, EmbeddingTransformer tower, IReadOnlyList<ITransformer> before, DataViewSchema inputs)
    {
        var mappers = new IRowToRowMapper[before.Count];
        DataViewSchema schema = inputs;
        for (int i = 0; i < mappers.Length; i++)
        {
            mappers[i] = before[i].GetRowToRowMapper(schema);
            schema = mappers[i].OutputSchema;
        }

        HashSet<string> needed = [tower.InputColumnName];
        var parts = new Stack<ITransformer>();
        for (int i = mappers.Length - 1; i >= 0; i--)
        {
            (DataViewSchema from, DataViewSchema to) = (mappers[i].InputSchema, mappers[i].OutputSchema);
            DataViewSchema.Column[] made = [.. needed.Select(column => to[column]).Where(c => !IsPassedOn(c, from))];
            if (made.Length == 0)
                continue;
            parts.Push(before[i]);
            needed.ExceptWith(made.Select(c => c.Name));
            needed.UnionWith(mappers[i].GetDependencies(made).Select(c => c.Name));
        }

        return new TowerSide(
            name, new TransformerChain<ITransformer>([.. parts]), tower, [.. inputs.Where(c => !c.IsHidden && needed.Contains(c.Name))], schema[tower.InputColumnName].Type);
    }

    /// <summary>Opens a file for this side.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="file">The file.</param>
    /// <param name="imageFolder">The folder that its image files are relative to.</param>
    /// <param name="texts">Other columns to load as text: the name in the view, the name in the file.</param>
    /// <returns>The rows with the column that the tower reads.</returns>
    /// <exception cref="UserErrorException">The file lacks a column of the side.</exception>
    public IDataView Load(MLContext ml, TableFile file, string imageFolder, IEnumerable<(string Name, string Source)> texts)
    {
        IDataView rows = ModelInput.Load(ml, Inputs, file, texts);
        if (ReadsImages)
            rows = ImageColumns.Aggregate(rows, (view, column) => ImagePaths.Complete(ml, view, column, imageFolder));
        return _features.Transform(rows);
    }

    /// <summary>Adds the embeddings to rows that have the column that the tower reads.</summary>
    public IDataView Embed(IDataView rows) => _tower.Transform(rows);

    /// <summary>The embeddings of texts, or of image files.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="values">What the first of the side's text columns is to hold; the others are empty.</param>
    public IDataView EmbedValues(MLContext ml, IReadOnlyList<string> values)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(values.Select(value => new Query { Value = value }));
        bool isFirst = true;
        foreach (DataViewSchema.Column column in Inputs)
        {
            rows = ml.Transforms.CopyColumns(column.Name, isFirst ? Query.ValueName : Query.NothingName).Fit(rows).Transform(rows);
            isFirst = false;
        }

        return Embed(_features.Transform(rows));
    }

    private IEnumerable<string> ImageColumns => Inputs.Where(c => c.Type is TextDataViewType).Select(c => c.Name);

    /// <summary>Parts add columns behind those that they are given: what keeps its place was not made there.</summary>
    private static bool IsPassedOn(DataViewSchema.Column column, DataViewSchema from) =>
        column.Index < from.Count && from[column.Index].Name == column.Name && from[column.Index].Type.Equals(column.Type);

    private sealed class Query
    {
        public const string ValueName = "mlnetext.value";
        public const string NothingName = "mlnetext.nothing";

        [ColumnName(ValueName)]
        public string Value { get; set; } = "";

        [ColumnName(NothingName)]
        public string Nothing { get; set; } = "";
    }
}
