using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Evaluation;

/// <summary>Scored rows made without any allocation, so that what is counted is the evaluator's own.</summary>
internal sealed class ConstantRows(int rows) : IDataView
{
    private static readonly float[] Score = [0.5f, 0.25f, 0.25f];

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = MakeSchema();

    public long? GetRowCount() => rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, rows);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema MakeSchema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        builder.AddColumn("Score", new VectorDataViewType(NumberDataViewType.Single, 3));
        return builder.ToSchema();
    }

    private sealed class Cursor(ConstantRows view, int rows) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override bool MoveNext() => ++_position < rows;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = default;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<uint> label = (ref uint value) => value = (uint)(_position % 4);
            ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) => value = new VBuffer<float>(3, Score);
            return (ValueGetter<TValue>)(column.Index == 0 ? (Delegate)label : score);
        }
    }
}
