using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Columns;

/// <summary>Passes a data view through, counting what is asked of it.</summary>
internal sealed class CountingDataView(IDataView source) : IDataView
{
    public Dictionary<string, int> Reads { get; } = [];

    public int CursorsOpened { get; private set; }

    public int CursorsDisposed { get; private set; }

    public List<string[]> ActiveColumns { get; } = [];

    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public int ReadsOf(string column) => Reads.GetValueOrDefault(column);

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        CursorsOpened++;
        ActiveColumns.Add([.. needed.Select(c => c.Name)]);
        return new Cursor(this, source.GetRowCursor(needed, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingDataView view, DataViewRowCursor input) : DataViewRowCursor
    {
        private bool _isDisposed;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = input.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                view.Reads[column.Name] = view.ReadsOf(column.Name) + 1;
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_isDisposed)
            {
                _isDisposed = true;
                view.CursorsDisposed++;
                input.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
