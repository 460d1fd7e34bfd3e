namespace MLNetExt.Tokenization;

/// <summary>What a saved <see cref="TokenDecodingTransformer"/> has in its header.</summary>
internal sealed record TokenDecodingState(string OutputColumnName, string InputColumnName);
