using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Columns;

/// <summary>Dense rows of any width; a row's first slot is its number.</summary>
internal static class WideData
{
    public static IDataView Create(int rows, int width)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        return new MLContext().Data.LoadFromEnumerable(Rows(rows, width), schema);
    }

    private static IEnumerable<Row> Rows(int rows, int width)
    {
        for (int i = 0; i < rows; i++)
        {
            var features = new float[width];
            features[0] = i;
            yield return new Row { Features = features };
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
