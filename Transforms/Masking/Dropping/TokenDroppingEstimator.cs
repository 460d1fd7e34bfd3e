using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Masking;

/// <summary>Adds which tokens of a column are kept and which are dropped: by how rare they are, which Fit counts, by a given table, or at random.</summary>
/// <remarks>
/// <para>Input: a token column, a vector of Int32. Output: the places of the tokens that are kept, a vector of Int32; and a mask, a vector of Single as long as the tokens.
/// See <see cref="DropPolicy"/>. Source: Hou et al., "Token Dropping for Efficient BERT Pretraining" (arXiv 2203.13240).</para>
/// <para>It is for looking at. A trainer chooses anew at every step, by the same policy and the table it learns. See docs/masking.md.</para>
/// </remarks>
public sealed class TokenDroppingEstimator : IEstimator<TokenDroppingTransformer>
{
    private readonly ComponentHost _host;
    private readonly TokenDroppingOptions _options;

    internal TokenDroppingEstimator(IHostEnvironment environment, TokenDroppingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ToState();
        _host = new ComponentHost(environment, nameof(TokenDroppingEstimator));
        _options = options;
    }

    /// <summary>Checks the columns and the options, and counts the tokens when they score by their frequency.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, an option cannot be used, or the table is of another vocabulary.</exception>
    /// <exception cref="InvalidDataException">A token is outside the vocabulary; the message names the row.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public TokenDroppingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TokenDroppingState state = _options.ToState();
        TokenDroppingColumns.Promise(state, SchemaShapes.Of(input.Schema));
        float[]? table = state.Scoring switch
        {
            DropScoring.Frequency => DropPolicy.FrequencyTable(TokenCounts.Of(input, state.InputColumnName, _host)),
            DropScoring.Table => [.. _options.Table!],
            _ => null,
        };
        var transformer = new TokenDroppingTransformer(state, table);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TokenDroppingColumns.Promise(_options.ToState(), inputSchema);
    }
}
