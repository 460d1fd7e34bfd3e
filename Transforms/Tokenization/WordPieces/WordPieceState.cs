namespace MLNetExt.Tokenization;

/// <summary>What a saved <see cref="WordPieceTransformer"/> has in its header; the tokenizer is a stream beside it.</summary>
/// <param name="OutputColumnName">The token column.</param>
/// <param name="InputColumnName">The text column.</param>
/// <param name="SecondInputColumnName">The column of second texts; null for single texts.</param>
/// <param name="TokenTypeColumnName">The column of token types; null for single texts.</param>
internal sealed record WordPieceState(string OutputColumnName, string InputColumnName, string? SecondInputColumnName, string? TokenTypeColumnName)
{
    public string OutputColumnName { get; } = Name(OutputColumnName, nameof(OutputColumnName));

    public string InputColumnName { get; } = Name(InputColumnName, nameof(InputColumnName));

    public string? SecondInputColumnName { get; } = SecondInputColumnName is null ? null : Name(SecondInputColumnName, nameof(SecondInputColumnName));

    public string? TokenTypeColumnName { get; } = SecondInputColumnName is null == TokenTypeColumnName is null
        ? TokenTypeColumnName is null ? null : Name(TokenTypeColumnName, nameof(TokenTypeColumnName))
        : throw new ArgumentException("The second text's column and the token types' belong together.", nameof(TokenTypeColumnName));

    public static WordPieceState Of(WordPieceOptions options) =>
        new(options.OutputColumnName, options.InputColumn, options.SecondInputColumnName, options.IsPair ? options.TokenTypeColumnName : null);

    private static string Name(string name, string member) =>
        string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("A column has no name.", member) : name;
}
