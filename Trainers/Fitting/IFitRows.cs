using MLNetExt.Columns;
using MLNetExt.Training;

namespace MLNetExt.Fitting;

/// <summary>Looks at a trainer's rows in the first pass, and decides which can be used.</summary>
internal interface IFitRows : IRowVisitor
{
    /// <summary>A digest of the rows that are used.</summary>
    RowDigest Digest { get; }

    /// <summary>Says in the log which rows are left out, and why.</summary>
    /// <param name="part">Of which data they are: training or validation.</param>
    void Report(string part);
}
