using Microsoft.ML;
using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Components;

/// <summary>Makes and reads the column shapes that an estimator's <c>GetOutputSchema</c> deals in; ML.NET keeps their constructor to itself.</summary>
public static class SchemaShapes
{
    /// <summary>A column shape.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="kind">Scalar, vector of known size, or vector of variable size.</param>
    /// <param name="itemType">The type of an item; for a key, the type that underlies it.</param>
    /// <param name="isKey">Whether the items are keys.</param>
    /// <param name="annotations">The annotations that the column carries.</param>
    public static SchemaShape.Column Column(
        string name, VectorKind kind, DataViewType itemType, bool isKey = false, params IEnumerable<SchemaShape.Column> annotations) =>
        new(name, kind, itemType, isKey, new SchemaShape(annotations));

    /// <summary>The column of that name, or null.</summary>
    public static SchemaShape.Column? Find(this SchemaShape shape, string name)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.TryFindColumn(name, out SchemaShape.Column column) ? column : null;
    }

    /// <summary>The column of that name, when it is of the type that a component needs.</summary>
    /// <param name="shape">The input's shape.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="role">What the column is to the component, such as <c>Label</c>.</param>
    /// <param name="expected">The type it needs, in words.</param>
    /// <param name="remedy">The ML.NET transforms that give a column this type.</param>
    /// <param name="fits">Whether a column is of that type.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of another type.</exception>
    public static SchemaShape.Column Require(
        this SchemaShape shape, string name, string role, string expected, string remedy, Func<SchemaShape.Column, bool> fits)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(fits);
        SchemaShape.Column column = shape.Find(name) ?? throw new ArgumentOutOfRangeException(
            nameof(shape), $"The data has no {role} column '{name}': it has {string.Join(", ", shape.Select(c => $"'{c.Name}'"))}.");
        return fits(column)
            ? column
            : throw new ArgumentOutOfRangeException(
                nameof(shape), $"The {role} column '{name}' must be {expected}, but is {column.Describe()}: use mlContext.Transforms.{remedy}.");
    }

    /// <summary>The shape with <paramref name="columns"/> added; a column of the same name is replaced.</summary>
    public static SchemaShape With(this SchemaShape shape, params IEnumerable<SchemaShape.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var added = columns.ToDictionary(c => c.Name);
        return new SchemaShape(shape.Where(c => !added.ContainsKey(c.Name)).Concat(added.Values));
    }

    /// <summary>The shape of a schema.</summary>
    public static SchemaShape Of(DataViewSchema schema) => SchemaShape.Create(schema);

    /// <summary>A column's type in words, for messages: <c>Vector&lt;Single&gt;</c>, <c>Key&lt;UInt32&gt;</c>.</summary>
    public static string Describe(this SchemaShape.Column column) => column.GetTypeString();
}
