namespace MLNetExt.Tokenization;

/// <summary>What a saved <see cref="BytePairTransformer"/> or <see cref="TokenDecodingTransformer"/> has in its header. The first one's tokenizer is a stream beside it.</summary>
internal sealed record TokenizationState(string OutputColumnName, string InputColumnName)
{
    public string OutputColumnName { get; } = Name(OutputColumnName, nameof(OutputColumnName));

    public string InputColumnName { get; } = Name(InputColumnName, nameof(InputColumnName));

    private static string Name(string name, string member) =>
        string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("A column has no name.", member) : name;
}
