using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Masking;

/// <summary>A row with columns added, alive to its input row.</summary>
internal sealed class TokenColumnsRow(DataViewRow input, TokenColumns columns, IEnumerable<DataViewSchema.Column> active) : DataViewRow
{
    private readonly HashSet<int> _active = [.. active.Select(column => column.Index)];

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => columns.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? columns.GetGetter<TValue>(input, column)
        : throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor or row was opened.");

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
