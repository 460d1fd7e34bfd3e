using System.Text.Json;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>A safetensors header, read strictly: whatever the format does not allow is refused.</summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The longest header that the format's own reader accepts, in bytes.</summary>
    public const int MaxLength = 100_000_000;

    // torch's own limit for most operators.
    private const int MaxRank = 64;

    // Root, tensor, shape: nothing lies deeper.
    private const int MaxDepth = 3;

    private SafetensorsHeader(List<SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The number of bytes that must follow the header.</summary>
    public long DataLength => Entries.Count == 0 ? 0 : Entries[^1].End;

    /// <summary>Reads the JSON and checks that the tensors fill the data without holes and overlaps.</summary>
    /// <exception cref="InvalidDataException">Something is wrong; the message says what, and of which tensor.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            if (json is not [(byte)'{', ..])
                throw new InvalidDataException("The header does not begin with '{'.");
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            var header = ParseRoot(ref reader);
            if (reader.Read())
                throw new InvalidDataException("The header goes on after its closing '}'.");
            return header;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: bytes or escapes in a string that are no Unicode text.
            throw new InvalidDataException($"The header is not valid JSON: {e.Message}");
        }
    }

    private static SafetensorsHeader ParseRoot(ref Utf8JsonReader reader)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>();
        Dictionary<string, string>? metadata = null;
        reader.Read();
        while (NextName(ref reader) is { } name)
        {
            if (!names.Add(name))
                throw new InvalidDataException($"The header names '{name}' twice.");
            if (name == MetadataKey)
                metadata = ParseMetadata(ref reader);
            else
                entries.Add(ParseEntry(ref reader, name));
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        CheckLayout(entries);
        return new SafetensorsHeader(entries, metadata ?? []);
    }

    private static Dictionary<string, string> ParseMetadata(ref Utf8JsonReader reader)
    {
        var metadata = new Dictionary<string, string>();
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey, "an object");
        while (NextName(ref reader) is { } key)
        {
            Expect(ref reader, JsonTokenType.String, MetadataKey, $"a text for '{key}'");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw new InvalidDataException($"{MetadataKey} names '{key}' twice.");
        }

        return metadata;
    }

    private static SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        ScalarType? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name, "an object");
        while (NextName(ref reader) is { } field)
        {
            switch (field)
            {
                case "dtype" when dtype is null:
                    dtype = ParseDType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(ref reader, name, field, MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers(ref reader, name, field, 2);
                    break;
                default:
                    throw new InvalidDataException($"Tensor '{name}': the field '{field}' is unknown or comes twice.");
            }
        }

        if (dtype is null || shape is null || offsets is not [long begin, long end])
            throw new InvalidDataException($"Tensor '{name}': dtype, shape and two data_offsets are needed.");
        var entry = new SafetensorsEntry(name, dtype.Value, shape, begin, end);
        CheckLength(entry);
        return entry;
    }

    private static ScalarType ParseDType(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.String, name, "a text for dtype");
        string dtype = reader.GetString()!;
        return SafetensorsDTypes.Find(dtype)
            ?? throw new InvalidDataException($"Tensor '{name}': the dtype '{dtype}' is not one of {SafetensorsDTypes.Names}.");
    }

    private static List<long> ParseNumbers(ref Utf8JsonReader reader, string name, string field, int max)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, name, $"a list for {field}");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw new InvalidDataException($"Tensor '{name}': {field} must hold whole numbers from 0 to {long.MaxValue}.");
            if (numbers.Count == max)
                throw new InvalidDataException($"Tensor '{name}': {field} holds more than {max} numbers.");
            numbers.Add(number);
        }

        return numbers;
    }

    private static void CheckLength(SafetensorsEntry entry)
    {
        long elements = 1, span = SafetensorsDTypes.SizeOf(entry.DType);
        try
        {
            // The span, in which a size of 0 counts as 1, bounds the strides that torch computes.
            foreach (long size in entry.Shape)
            {
                span = checked(span * Math.Max(size, 1));
                elements = size == 0 ? 0 : elements * size;
            }
        }
        catch (OverflowException)
        {
            throw new InvalidDataException($"Tensor '{entry.Name}': the shape {entry.Description} is too large.");
        }

        long length = elements == 0 ? 0 : span;
        if (entry.Length != length)
        {
            throw new InvalidDataException(
                $"Tensor '{entry.Name}': {entry.Description} takes {length} bytes, but its data_offsets are {entry.Begin} to {entry.End}.");
        }
    }

    private static void CheckLayout(List<SafetensorsEntry> entries)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                string fault = entry.Begin < end ? "overlaps the tensor before it, which ends" : "leaves a hole after the data before it, which ends";
                throw new InvalidDataException($"Tensor '{entry.Name}' begins at byte {entry.Begin} and {fault} at {end}.");
            }

            end = entry.End;
        }
    }

    /// <summary>The next property's name, or <see langword="null"/> at the end of the object.</summary>
    private static string? NextName(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name, string expected)
    {
        reader.Read();
        if (reader.TokenType != type)
            throw new InvalidDataException($"'{name}' in the header: expected {expected}, found {reader.TokenType}.");
    }
}
