namespace MLNetExt.Torch;

/// <summary>Data that came from a stream, kept in blocks that grow with what truly arrives, whatever a header promises.</summary>
internal sealed class StreamData : ISafetensorsData
{
    private const int FirstBlock = 4096, LargestBlock = 1 << 24;

    private readonly List<(long Start, byte[] Bytes)> _blocks = [];

    /// <summary>Reads the next bytes of the stream.</summary>
    /// <exception cref="InvalidDataException">The stream ends before.</exception>
    public StreamData(Stream stream, long length)
    {
        long read = 0;
        while (read < length)
        {
            // Each block is at most as large as all before it: no more than twice what has arrived is ever allocated.
            int size = (int)Math.Min(Math.Clamp(read, FirstBlock, LargestBlock), length - read);
            byte[] block = new byte[size];
            int count = stream.ReadAtLeast(block, size, throwOnEndOfStream: false);
            if (count < size)
                throw new InvalidDataException($"The data is cut off: {length} bytes were expected, {read + count} are there.");
            _blocks.Add((read, block));
            read += size;
        }
    }

    public void Read(long offset, Span<byte> destination)
    {
        int index = _blocks.FindLastIndex(block => block.Start <= offset);
        while (destination.Length > 0)
        {
            var (start, bytes) = _blocks[index++];
            var part = bytes.AsSpan((int)(offset - start));
            part = part[..Math.Min(part.Length, destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            offset += part.Length;
        }
    }

    public void Dispose()
    {
    }
}
