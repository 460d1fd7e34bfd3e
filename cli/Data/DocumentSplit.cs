namespace MLNetExt.Cli.Data;

/// <summary>What is a document in a file of plain text.</summary>
internal enum DocumentSplit
{
    /// <summary>The whole file.</summary>
    File,

    /// <summary>What stands between empty lines.</summary>
    Paragraphs,

    /// <summary>A line.</summary>
    Lines,
}
