namespace MLNetExt.Torch;

/// <summary>The bytes after a safetensors header, read piece by piece; usable from several threads.</summary>
internal interface ISafetensorsData : IDisposable
{
    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="offset"/>.</summary>
    /// <exception cref="InvalidDataException">The data ends before.</exception>
    void Read(long offset, Span<byte> destination);
}
