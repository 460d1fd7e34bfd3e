using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Evaluation;

/// <summary>Reads paired embeddings from a data view, once, and evaluates them with <see cref="Retrieval"/>.</summary>
internal static class RetrievalOfDataView
{
    public static RetrievalMetrics Evaluate(IDataView data, string leftColumnName, string rightColumnName, string? groupColumnName, ReadOnlySpan<int> at)
    {
        Retrieval.CheckCutoffs(at);
        DataViewSchema.Column left = EmbeddingColumn(data.Schema, leftColumnName, "left", out int dimension);
        DataViewSchema.Column right = EmbeddingColumn(data.Schema, rightColumnName, "right", out int rightDimension);
        if (dimension != rightDimension)
            throw new ArgumentException(
                $"The left column '{left.Name}' holds embeddings of dimension {dimension} and the right column '{right.Name}' of dimension {rightDimension}; " +
                "both must come from one space: name the two embeddings of one model.");
        DataViewSchema.Column? group = groupColumnName is null ? null : EvaluatedColumns.Find(data.Schema, groupColumnName, "group");
        if (group is { } named && !ColumnText.CanRead(named.Type))
            throw EvaluatedColumns.WrongType(named, "group", "text, a key or a number", "convert it with Conversion.ConvertType");

        var lefts = new List<float>();
        var rights = new List<float>();
        var groups = new List<int>();
        VBuffer<float> buffer = default;
        using DataViewRowCursor cursor = data.GetRowCursor(group is { } active ? [left, right, active] : [left, right]);
        ValueGetter<VBuffer<float>> getLeft = cursor.GetGetter<VBuffer<float>>(left), getRight = cursor.GetGetter<VBuffer<float>>(right);
        Func<int>? getGroup = group is { } column ? GroupNumbers(ColumnText.CreateReader(cursor, column)) : null;
        while (cursor.MoveNext())
        {
            Append(getLeft, lefts);
            Append(getRight, rights);
            if (getGroup is not null)
                groups.Add(getGroup());
        }
        return Retrieval.Evaluate(
            CollectionsMarshal.AsSpan(lefts), CollectionsMarshal.AsSpan(rights), dimension, CollectionsMarshal.AsSpan(groups), at,
            $"columns '{left.Name}' and '{right.Name}'", blockRows: null, beforeBlock: null);

        void Append(ValueGetter<VBuffer<float>> getter, List<float> values)
        {
            getter(ref buffer);
            int end = values.Count;
            CollectionsMarshal.SetCount(values, checked(end + dimension));
            buffer.CopyTo(CollectionsMarshal.AsSpan(values)[end..]);
        }
    }

    private static DataViewSchema.Column EmbeddingColumn(DataViewSchema schema, string name, string role, out int dimension)
    {
        DataViewSchema.Column column = EvaluatedColumns.Find(schema, name, role);
        if (column.Type is not VectorDataViewType { IsKnownSize: true } type || type.ItemType != NumberDataViewType.Single)
            throw EvaluatedColumns.WrongType(column, role, "a vector of Single of known length, one embedding a row", "name an embedding column of a model, or convert it with Conversion.ConvertType");
        dimension = type.Size;
        return column;
    }

    /// <summary>Numbers the groups as they come; a row whose group is missing has -1.</summary>
    private static Func<int> GroupNumbers(Func<string?> read)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return () =>
        {
            if (read() is not { } name)
                return -1;
            if (!numbers.TryGetValue(name, out int number))
                numbers.Add(name, number = numbers.Count);
            return number;
        };
    }
}
