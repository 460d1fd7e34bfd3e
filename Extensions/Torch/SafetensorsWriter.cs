using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>Writes tensors in the safetensors format.</summary>
/// <remarks>
/// The same tensors and metadata give the same bytes, in whatever order they come: the widest element types first, then by
/// name, so that every tensor lies at a multiple of its element's size from an 8-byte boundary.
/// Format: https://huggingface.co/docs/safetensors.
/// </remarks>
public static class SafetensorsWriter
{
    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where to; written from its current position, left open.</param>
    /// <param name="tensors">Tensors of any device and layout in memory, by name. They are not changed.</param>
    /// <param name="metadata">Texts to store with them.</param>
    /// <exception cref="ArgumentException">
    /// A name comes twice, is <c>__metadata__</c> or is no valid Unicode; an element type is not one of F64, F32, F16, BF16, I64,
    /// I32, I16, I8, U8, BOOL; or the header would be longer than readers accept (100 MB).
    /// </exception>
    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        LibTorch.EnsureLoaded();
        var sorted = tensors
            .OrderByDescending(t => SafetensorsDTypes.SizeOf(t.Value.dtype))
            .ThenBy(t => t.Key, StringComparer.Ordinal)
            .ToList();
        WriteHeader(stream, Layout(sorted), metadata ?? new Dictionary<string, string>());
        foreach (var (_, tensor) in sorted)
            WriteData(stream, tensor);
    }

    private static List<SafetensorsEntry> Layout(List<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string>();
        var entries = new List<SafetensorsEntry>(tensors.Count);
        long begin = 0;
        foreach (var (name, tensor) in tensors)
        {
            if (name == SafetensorsHeader.MetadataKey || !names.Add(name))
                throw new ArgumentException($"Two tensors are named '{name}', or the name is reserved: each name must be used once.", nameof(tensors));
            if (SafetensorsDTypes.NameOf(tensor.dtype) is null)
                throw new ArgumentException($"Tensor '{name}' has the element type {tensor.dtype}; safetensors can hold {SafetensorsDTypes.Names}.", nameof(tensors));
            long end = begin + (tensor.numel() * tensor.ElementSize);
            entries.Add(new SafetensorsEntry(name, tensor.dtype, tensor.shape, begin, end));
            begin = end;
        }

        return entries;
    }

    private static void WriteHeader(Stream stream, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            foreach (var entry in entries)
                WriteEntry(json, entry);
            json.WriteEndObject();
        }

        while (buffer.WrittenCount % 8 != 0)
            buffer.Write(" "u8);
        if (buffer.WrittenCount > SafetensorsHeader.MaxLength)
            throw new ArgumentException($"The header takes {buffer.WrittenCount:N0} bytes; {SafetensorsHeader.MaxLength:N0} are allowed. Write fewer tensors or less metadata.");
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)buffer.WrittenCount);
        stream.Write(length);
        stream.Write(buffer.WrittenSpan);
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
            return;
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            json.WriteString(ValidText(key), ValidText(value));
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, SafetensorsEntry entry)
    {
        json.WriteStartObject(ValidText(entry.Name));
        json.WriteString("dtype", SafetensorsDTypes.NameOf(entry.DType));
        json.WriteStartArray("shape");
        foreach (long size in entry.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        TensorBytes.Visit(tensor.detach().cpu().contiguous(), (_, bytes) => stream.Write(bytes));
    }

    // Utf8JsonWriter would put U+FFFD for half a surrogate pair, and two different names could become one.
    private static string ValidText(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text
            ? text
            : throw new ArgumentException($"'{text}' is not valid Unicode: it holds half a surrogate pair.");
}
