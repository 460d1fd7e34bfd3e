using Microsoft.ML;

namespace MLNetExt.Evaluation;

/// <summary>The columns that an evaluator reads.</summary>
internal static class EvaluatedColumns
{
    /// <exception cref="ArgumentException">The name is empty, or the data has no such column.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"The data has no {role} column '{name}'; it has {string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => $"'{c.Name}'"))}.");
    }

    /// <summary>The error for a column of another type than expected.</summary>
    public static ArgumentException WrongType(DataViewSchema.Column column, string role, string expected, string remedy) => new(
        $"The {role} column '{column.Name}' must be {expected}, but is {column.Type}; {remedy}.");
}
