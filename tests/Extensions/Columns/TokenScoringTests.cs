using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static MLNetExt.Tests.Columns.BatchText;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class TokenScoringTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(256)]
    public void Tokens_are_scored_and_delivered_at_every_block_size(int blockRows)
    {
        IDataView data = Sentence.Data(300);
        var view = new BlockScoringView(data, new Reversal(data.Schema), blockRows);
        int[][] reversed = [.. view.GetColumn<int[]>("Reversed")];
        for (int row = 0; row < 300; row++)
            CollectionAssert.AreEqual(Sentence.CutIds(row).Reverse().ToArray(), reversed[row], $"row {row}");
    }

    [TestMethod]
    public void Rows_are_mapped_one_by_one()
    {
        IDataView data = Sentence.Data(50);
        var mapper = new BlockRowMapper(new Reversal(data.Schema));
        DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, [mapper.OutputSchema["Reversed"]]);
        ValueGetter<VBuffer<int>> getter = row.GetGetter<VBuffer<int>>(mapper.OutputSchema["Reversed"]);
        VBuffer<int> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            CollectionAssert.AreEqual(Sentence.CutIds((int)row.Position).Reverse().ToArray(), value.DenseValues().ToArray());
        }
    }

    /// <summary>Turns each row's ids round.</summary>
    private sealed class Reversal(DataViewSchema schema) : BlockScorer(
        schema, [BatchColumn.Tokens("Tokens", Sentence.MaxLength)], [new("Reversed", new VectorDataViewType(NumberDataViewType.Int32))])
    {
        protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
        {
            TokenRows tokens = batch.Tokens("Tokens");
            long[] ids = Longs(tokens.Ids), lengths = Longs(tokens.Lengths);
            int width = (int)tokens.Ids.shape[1];
            return [ScoredColumn.Tokens([.. lengths.Select((length, row) => ids.Skip(row * width).Take((int)length).Reverse().Select(id => (int)id).ToArray())])];
        }
    }
}
