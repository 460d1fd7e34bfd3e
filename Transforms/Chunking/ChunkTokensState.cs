namespace MLNetExt.Chunking;

/// <summary>What a saved <see cref="ChunkTokensTransformer"/> has in its header. It checks itself, as a model's numbers may be anybody's.</summary>
internal sealed record ChunkTokensState
{
    public ChunkTokensState(
        string outputColumnName,
        string inputColumnName,
        int length,
        int minLength,
        bool packed,
        int? separatorId,
        string[] alignedColumnNames,
        string[] carriedColumnNames,
        string? documentColumnName)
    {
        Require(length is >= 1 and < int.MaxValue, nameof(ChunkTokensOptions.Length), length, "at least 1: the targets of a row");
        Require(minLength >= 1 && minLength <= length + 1, nameof(ChunkTokensOptions.MinLength), minLength, $"from 1 to {length + 1}, which is Length + 1");
        Require(separatorId is null or >= 0, nameof(ChunkTokensOptions.SeparatorId), separatorId, "a token id, or null");
        Require(separatorId is null || packed, nameof(ChunkTokensOptions.SeparatorId), separatorId, "null unless documents are packed: nothing stands between documents of which each has its rows");
        Require(carriedColumnNames.Length == 0 || !packed, nameof(ChunkTokensOptions.CarriedColumnNames), string.Join(", ", carriedColumnNames), "empty when documents are packed: a row then is of several documents");
        string?[] outputs = [outputColumnName, .. alignedColumnNames, .. carriedColumnNames, .. documentColumnName is null ? (string?[])[] : [documentColumnName]];
        if (outputs.Append(inputColumnName).Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("A column name is empty: name every column of the options.", nameof(outputColumnName));
        if (outputs.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
            throw new ArgumentException(
                $"The rows would have two columns '{twice}': {nameof(ChunkTokensOptions.OutputColumnName)}, {nameof(ChunkTokensOptions.AlignedColumnNames)}, "
                + $"{nameof(ChunkTokensOptions.CarriedColumnNames)} and {nameof(ChunkTokensOptions.DocumentColumnName)} must all differ.", nameof(outputColumnName));
        (OutputColumnName, InputColumnName, Length, MinLength, Packed, SeparatorId) = (outputColumnName, inputColumnName, length, minLength, packed, separatorId);
        (AlignedColumnNames, CarriedColumnNames, DocumentColumnName) = (alignedColumnNames, carriedColumnNames, documentColumnName);
    }

    public string OutputColumnName { get; }

    public string InputColumnName { get; }

    public int Length { get; }

    public int MinLength { get; }

    public bool Packed { get; }

    public int? SeparatorId { get; }

    public string[] AlignedColumnNames { get; }

    public string[] CarriedColumnNames { get; }

    public string? DocumentColumnName { get; }

    private static void Require(bool holds, string option, object? value, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, value, $"{option} must be {range}.");
    }
}
