using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Classification;

/// <summary>The columns that every classifier reads.</summary>
internal static class ClassifierShapes
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of the wrong type.</exception>
    public static SchemaShape.Column RequireLabel(this SchemaShape shape, string name) =>
        shape.Require(name, "Label", "a key", "Conversion.MapValueToKey", c => c.IsKey && c.Kind == VectorKind.Scalar);

    /// <summary>Nothing when there is no such column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of the wrong type.</exception>
    public static void RequireWeight(this SchemaShape shape, string? name)
    {
        if (name is not null)
            shape.Require(name, "ExampleWeight", "a number", "Conversion.ConvertType", c => !c.IsKey && c.Kind == VectorKind.Scalar && c.ItemType is NumberDataViewType or BooleanDataViewType);
    }
}
