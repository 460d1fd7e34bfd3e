using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MLNetExt.Benchmarks;

/// <summary>A class by its name, for keys in a given order.</summary>
internal sealed class ClassName
{
    public string Name { get; init; } = "";

    /// <summary>Makes the key column <c>Label</c>, with the classes in their order as key values.</summary>
    public static ValueToKeyMappingEstimator MapToKey(MLContext context, IEnumerable<string> classes, string column) =>
        context.Transforms.Conversion.MapValueToKey("Label", column, keyData: context.Data.LoadFromEnumerable(classes.Select(name => new ClassName { Name = name })));
}
