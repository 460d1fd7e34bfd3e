namespace MLNetExt.Contrastive;

/// <summary>What a model asks of one of its towers.</summary>
/// <param name="Name">What the options call the tower, for messages.</param>
/// <param name="OutputColumn">The column that it adds.</param>
/// <param name="EmbeddingSize">The number of its outputs.</param>
/// <param name="ScoringBlockSize">Rows per forward pass when scoring.</param>
/// <param name="UnusableRows">What becomes of rows that it cannot read.</param>
internal sealed record TowerRole(string Name, string OutputColumn, int EmbeddingSize, int ScoringBlockSize, UnusableRowPolicy UnusableRows)
{
    /// <summary>What <see cref="TowerKind.Auto"/> means for vectors.</summary>
    public TowerKind VectorKind { get; init; } = TowerKind.Mlp;
}
