using Microsoft.ML;

namespace MLNetExt.Chunking;

/// <summary>Cuts documents of tokens into rows of a limited length, and the columns that belong to the tokens alike. Fit learns nothing.</summary>
/// <remarks>
/// <para>Input: a token column, a document a row. Output: rows of up to <c>Length + 1</c> ids. A row begins with the last id of the one before, so that
/// every token but a document's first (the data's first when documents are packed) is the target of exactly one row. Empty documents give no row.</para>
/// <para>There are more or fewer rows than documents: a prediction engine does not work behind it. See docs/goldfish.md.</para>
/// </remarks>
public sealed class ChunkTokensEstimator : IEstimator<ChunkTokensTransformer>
{
    private readonly ChunkTokensOptions _options;

    internal ChunkTokensEstimator(ChunkTokensOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ToState();
        _options = options;
    }

    /// <summary>Checks the columns and the options.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an option cannot be used.</exception>
    public ChunkTokensTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new ChunkTokensTransformer(_options.ToState());
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ChunkColumns.Promise(_options.ToState(), inputSchema);
    }
}
