namespace MLNetExt.Columns;

/// <summary>Sees every row once, while a <see cref="BatchSource"/> is opened: to gather statistics, to check values
/// (throw, naming <see cref="RowReader.Row"/>), and to leave rows out.</summary>
public interface IRowVisitor
{
    /// <summary>Looks at a row.</summary>
    /// <param name="row">The row, valid during the call.</param>
    /// <returns><see langword="false"/> to leave the row out of every epoch.</returns>
    bool Visit(RowReader row);
}
