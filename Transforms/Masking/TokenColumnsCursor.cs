using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Masking;

/// <summary>The cursor of a <see cref="TokenColumnsView"/>.</summary>
internal sealed class TokenColumnsCursor(DataViewRowCursor source, TokenColumns columns, DataViewSchema.Column[] active) : DataViewRowCursor
{
    private readonly TokenColumnsRow _row = new(source, columns, active);

    public override long Position => source.Position;

    public override long Batch => source.Batch;

    public override DataViewSchema Schema => columns.OutputSchema;

    public override bool MoveNext() => source.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _row.Dispose();
        base.Dispose(disposing);
    }
}
