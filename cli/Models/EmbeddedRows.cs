using Microsoft.ML;

namespace MLNetExt.Cli.Models;

/// <summary>Rows with the embeddings of one side.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Side">The side.</param>
/// <param name="Copied">Text columns to show beside them: the name in the view, the name that the user knows.</param>
internal sealed record EmbeddedRows(IDataView Rows, TowerSide Side, IReadOnlyList<(string Name, string Source)> Copied)
{
    /// <summary>The embeddings, to be visited row by row.</summary>
    public VectorRows Vectors => new(Rows, Side.Embedding);

    /// <summary>The names of the copied columns in the view.</summary>
    public IReadOnlyList<string> CopiedNames => [.. Copied.Select(c => c.Name)];
}
