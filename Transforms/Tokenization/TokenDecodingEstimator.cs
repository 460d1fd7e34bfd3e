using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Tokenization;

/// <summary>Makes text of a token column again, by the tokenizer in the column's annotations. Fit learns nothing.</summary>
public sealed class TokenDecodingEstimator : IEstimator<TokenDecodingTransformer>
{
    private readonly TokenizationState _state;

    internal TokenDecodingEstimator(string outputColumnName, string? inputColumnName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        inputColumnName ??= outputColumnName;
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        _state = new TokenizationState(outputColumnName, inputColumnName);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The column is missing, holds no tokens, or does not name its tokenizer.</exception>
    public TokenDecodingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        var transformer = new TokenDecodingTransformer(_state);
        // Finds out now whether the column's tokenizer can be made.
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, holds no tokens, or does not name its tokenizer.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(
            _state.InputColumnName, "Tokens", "a vector of Int32 that names its tokenizer", "Text.TokenizeBytePairs or Text.TokenizeWordPieces",
            c => TokenCheck.AreTokens(c) && TokenCheck.NamesTokenizer(c));
        return inputSchema.With(SchemaShapes.Column(_state.OutputColumnName, VectorKind.Scalar, TextDataViewType.Instance));
    }
}
