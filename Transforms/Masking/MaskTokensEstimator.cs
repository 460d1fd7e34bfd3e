using Microsoft.ML;

namespace MLNetExt.Masking;

/// <summary>Adds BERT's corruption of a token column, in a fixed epoch: tokens to read, of which some are masked, and labels to predict. Fit learns nothing.</summary>
/// <remarks>
/// <para>Input: a token column, a vector of Int32. Output: tokens, a vector of Int32 of the same length with the same annotations; labels, a vector of Int32 that holds
/// <see cref="MaskPolicy.Ignored"/> where nothing is predicted; weights, if wanted. See <see cref="MaskPolicy"/>. Source: Devlin et al., "BERT" (arXiv 1810.04805).</para>
/// <para>It is for evaluation and for looking at. A trainer corrupts rows anew in every epoch, by the same policy. See docs/masking.md.</para>
/// </remarks>
public sealed class MaskTokensEstimator : IEstimator<MaskTokensTransformer>
{
    private readonly MaskTokensOptions _options;

    internal MaskTokensEstimator(MaskTokensOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ToState();
        _options = options;
    }

    /// <summary>Checks the columns and the options.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or an option cannot be used.</exception>
    public MaskTokensTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new MaskTokensTransformer(_options.ToState());
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return MaskTokensColumns.Promise(_options.ToState(), inputSchema);
    }
}
