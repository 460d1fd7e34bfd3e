using Microsoft.ML.SearchSpace;

namespace MLNetExt.Chunking;

/// <summary>The options of <see cref="ChunkTokensEstimator"/>. Fit reads them and never changes them.</summary>
public sealed class ChunkTokensOptions
{
    /// <summary>The token column of the rows: a vector of Int32 of variable size, with the annotations of the one that is read.</summary>
    public string OutputColumnName { get; set; } = "Tokens";

    /// <summary>The token column to read, a document a row: a vector of Int32; null for the output's name.</summary>
    public string? InputColumnName { get; set; }

    /// <summary>The most targets of a row, which so has up to <c>Length + 1</c> ids; at least 1.</summary>
    [Range(32, 2048, 256, true)]
    public int Length { get; set; } = 256;

    /// <summary>The fewest ids of a row, from 1 to <c>Length + 1</c>; shorter rows, which are a document's or the data's last, are left out. 2, the default, leaves
    /// out what has no target and nothing else.</summary>
    public int MinLength { get; set; } = 2;

    /// <summary>Whether documents are joined before they are cut, so that all rows but the last are full. Otherwise a row is of one document.</summary>
    [BooleanChoice(false)]
    public bool Packed { get; set; }

    /// <summary>A token to set behind every document that has any when they are <see cref="Packed"/>; null for none. Aligned columns of Single have 1 there,
    /// which is "learned" in a mask, others 0, false or a missing key. Rather than this, let the tokenizer add <c>eos</c>: then masks know of it.</summary>
    public int? SeparatorId { get; set; }

    /// <summary>Columns to cut alike, such as masks: vectors of numbers, keys or Booleans as long as the tokens. They keep their names.</summary>
    public string[] AlignedColumnNames { get; set; } = [];

    /// <summary>Columns of the document that each of its rows has again, such as its title; not when <see cref="Packed"/>.</summary>
    public string[] CarriedColumnNames { get; set; } = [];

    /// <summary>The column to add for the document's place in the data, from 0: Int32, and when <see cref="Packed"/> a vector of Int32 as long as the tokens. Null for none.</summary>
    public string? DocumentColumnName { get; set; } = "Document";

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    internal ChunkTokensState ToState()
    {
        ArgumentNullException.ThrowIfNull(AlignedColumnNames);
        ArgumentNullException.ThrowIfNull(CarriedColumnNames);
        return new ChunkTokensState(
            OutputColumnName, InputColumnName ?? OutputColumnName, Length, MinLength, Packed, SeparatorId, [.. AlignedColumnNames], [.. CarriedColumnNames], DocumentColumnName);
    }
}
