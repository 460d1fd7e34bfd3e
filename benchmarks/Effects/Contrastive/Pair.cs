using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Benchmarks;

/// <summary>Two views of one digit: the pixels of a checkerboard's black squares, and those of its white ones.</summary>
internal sealed record Pair(float[] Left, float[] Right)
{
    public static IDataView View(MLContext context, IEnumerable<Pair> pairs)
    {
        Pair[] rows = [.. pairs];
        var schema = SchemaDefinition.Create(typeof(Pair));
        schema[nameof(Left)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Left.Length);
        schema[nameof(Right)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Right.Length);
        return context.Data.LoadFromEnumerable(rows, schema);
    }
}
