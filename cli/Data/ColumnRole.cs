namespace MLNetExt.Cli.Data;

/// <summary>What a column becomes in the features.</summary>
internal enum ColumnRole
{
    /// <summary>A number as it is; where missing, the column's mean.</summary>
    Number,

    /// <summary>Short text that repeats: one slot a value.</summary>
    Category,

    /// <summary>Other text: n-grams of words and letters.</summary>
    Text,
}
