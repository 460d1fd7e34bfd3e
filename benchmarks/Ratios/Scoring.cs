using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Benchmarks;

/// <summary>Scores rows as a consumer of probabilities does.</summary>
internal static class Scoring
{
    /// <summary>Reads the score of every row, through one cursor; the sum keeps the work from being skipped.</summary>
    public static double ReadAll(ITransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        DataViewSchema.Column column = scored.Schema["Score"];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        var score = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> row = default;
        double sum = 0;
        while (cursor.MoveNext())
        {
            score(ref row);
            sum += row.GetItemOrDefault(0);
        }

        return sum;
    }
}
