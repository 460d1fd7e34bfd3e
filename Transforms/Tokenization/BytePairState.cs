namespace MLNetExt.Tokenization;

/// <summary>What a saved <see cref="BytePairTransformer"/> has in its header; the tokenizer is a stream beside it.</summary>
internal sealed record BytePairState(string OutputColumnName, string InputColumnName);
