using Microsoft.ML;

namespace MLNetExt.Masking;

/// <summary>Adds a loss mask to a token column, after which a language model does not learn to recite what it is trained on. Fit learns nothing.</summary>
/// <remarks>
/// <para>Input: a token column, a vector of Int32. Output: a vector of Single of the same length, 1 for a token to learn and 0 for one that is dropped;
/// see <see cref="GoldfishMask"/>. Source: Hans et al., "Be like a Goldfish, Don't Memorize!" (arXiv 2406.10209).</para>
/// <para>Mask whole documents, and cut them afterwards: tokenize, mask, chunk. See docs/goldfish.md.</para>
/// </remarks>
public sealed class GoldfishMaskEstimator : IEstimator<GoldfishMaskTransformer>
{
    private readonly GoldfishMaskOptions _options;

    internal GoldfishMaskEstimator(GoldfishMaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ToState();
        _options = options;
    }

    /// <summary>Checks the columns and the options.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an option cannot be used.</exception>
    public GoldfishMaskTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new GoldfishMaskTransformer(_options.ToState());
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return GoldfishColumns.Promise(_options.ToState(), inputSchema);
    }
}
