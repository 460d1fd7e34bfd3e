using System.Text.Json.Serialization;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;

namespace MLNetExt.Contrastive;

/// <summary>All that decides what a tower reads and the sizes of its weights; a model stores it beside them.</summary>
/// <param name="Column">The column that it reads.</param>
/// <param name="OutputColumn">The column of its embeddings.</param>
/// <param name="Input">What it reads the column as.</param>
/// <param name="Kind">The network; never <see cref="TowerKind.Auto"/>.</param>
/// <param name="EmbeddingSize">The length of the embeddings.</param>
/// <param name="InputWidth">The length of vectors; 1 for other inputs.</param>
/// <param name="IsSparse">Whether vectors are read sparse.</param>
/// <param name="ImageHeight">The height of images in pixels; 0 for other inputs.</param>
/// <param name="ImageWidth">The width of images in pixels; 0 for other inputs.</param>
/// <param name="Tokens">Vocabulary and tokenizer of a token column; null for other inputs.</param>
/// <param name="Width">As in <see cref="TowerOptions"/>, with the kind's own in place of 0.</param>
/// <param name="Depth">As in <see cref="TowerOptions"/>, with the kind's own in place of 0.</param>
/// <param name="Heads">As in <see cref="TowerOptions"/>.</param>
/// <param name="PatchSize">As in <see cref="TowerOptions"/>.</param>
/// <param name="MaxTokens">As in <see cref="TowerOptions"/>.</param>
/// <param name="HashBits">As in <see cref="TowerOptions"/>.</param>
/// <param name="Dropout">As in <see cref="TowerOptions"/>.</param>
/// <param name="FlipImages">As in <see cref="TowerOptions"/>.</param>
/// <param name="ShiftPixels">As in <see cref="TowerOptions"/>.</param>
/// <param name="Network">The user's own network; null for ours.</param>
/// <param name="ScoringBlockSize">Rows per forward pass when scoring.</param>
/// <param name="UnusableRows">What becomes of images that cannot be read.</param>
/// <param name="Encoder">The shape of a pre-trained encoder; null for other kinds. Where it is null it is not written: models and checkpoints from before it have none.</param>
/// <param name="Pooling">How that makes one vector of its tokens'; likewise.</param>
internal sealed record TowerShape(
    string Column,
    string OutputColumn,
    ColumnKind Input,
    TowerKind Kind,
    int EmbeddingSize,
    int InputWidth,
    bool IsSparse,
    int ImageHeight,
    int ImageWidth,
    TokenColumnInfo? Tokens,
    int Width,
    int Depth,
    int Heads,
    int PatchSize,
    int MaxTokens,
    int HashBits,
    double Dropout,
    bool FlipImages,
    int ShiftPixels,
    ComponentDescription? Network,
    int ScoringBlockSize,
    UnusableRowPolicy UnusableRows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] EncoderOptions? Encoder = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] EncoderPooling Pooling = EncoderPooling.Mean)
{
    /// <summary>How batches read the column.</summary>
    [JsonIgnore]
    public BatchColumn BatchColumn => Input switch
    {
        ColumnKind.Vector => BatchColumn.Vector(Column, IsSparse ? VectorLayout.Sparse : VectorLayout.Dense),
        ColumnKind.Tokens => BatchColumn.Tokens(Column, MaxTokens),
        ColumnKind.Image => BatchColumn.Image(Column, UnusableRows == UnusableRowPolicy.Skip),
        _ => BatchColumn.Text(Column),
    };
}
