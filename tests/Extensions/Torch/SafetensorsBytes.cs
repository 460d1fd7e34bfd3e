using System.Buffers.Binary;
using System.Text;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

/// <summary>Safetensors files as bytes: made by hand, by the writer, and read both ways.</summary>
internal static class SafetensorsBytes
{
    public static byte[] From(string header, params byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
        return [.. prefix, .. json, .. data];
    }

    public static byte[] Written(IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors.Select(t => KeyValuePair.Create(t.Name, t.Tensor)), metadata);
        return stream.ToArray();
    }

    /// <summary>Opens the bytes as a stream that cannot seek and gives little at a time, as a zip entry's does.</summary>
    public static SafetensorsReader FromStream(byte[] file) => SafetensorsReader.FromStream(new TricklingStream(file));

    /// <summary>Opens the bytes as a file, which is deleted when the action ends.</summary>
    public static void FromFile(byte[] file, Action<SafetensorsReader> action)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            using var reader = SafetensorsReader.FromFile(path);
            action(reader);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Opens the bytes both ways.</summary>
    public static void BothWays(byte[] file, Action<SafetensorsReader> action)
    {
        using (var reader = FromStream(file))
            action(reader);
        FromFile(file, action);
    }

    public static byte[] BytesOf(Tensor tensor)
    {
        using var contiguous = tensor.contiguous();
        return [.. contiguous.bytes];
    }

    private sealed class TricklingStream(byte[] bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(Math.Min(buffer.Length, 1 + (_position % 97)), bytes.Length - _position);
            bytes.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
