using MLNetExt.Columns;

namespace MLNetExt.Training;

/// <summary>The rows that a trainer validates on.</summary>
internal static class ValidationPart
{
    /// <param name="rows">The rows that can be used; null when there is no validation.</param>
    /// <param name="isGiven">Whether the user gave them, and they are no part of the training data.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static void RequireRows(IBatchSource? rows, bool isGiven)
    {
        if (rows is { RowCount: 0 })
            throw new ArgumentException(isGiven
                ? "The validation data has no rows that can be used."
                : "The validation part has no rows: raise ValidationFraction, or give ValidationData.");
    }
}
