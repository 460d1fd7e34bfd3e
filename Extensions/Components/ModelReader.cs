using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Torch;

namespace MLNetExt.Components;

/// <summary>A component's own part of a model that is being loaded.</summary>
public sealed class ModelReader
{
    internal const int MaxHeaderBytes = 64 << 20;
    private readonly ModelLoadContext _context;
    private readonly ComponentHeader _header;

    internal ModelReader(ModelLoadContext context)
    {
        _context = context;
        _header = ReadHeader();
    }

    /// <summary>The version that the component gave to <see cref="ModelWriter.WriteState"/>.</summary>
    public int StateVersion => _header.StateVersion;

    internal string Component => _header.Component;

    internal string Assembly => _header.Assembly;

    /// <summary>Reads the component's state from the header.</summary>
    /// <typeparam name="T">What <see cref="ModelWriter.WriteState"/> was given.</typeparam>
    /// <param name="maxVersion">The highest state version that the component understands.</param>
    /// <exception cref="InvalidDataException">The state is damaged, newer than <paramref name="maxVersion"/>, or refused by the
    /// constructor or a setter of <typeparamref name="T"/> with an <see cref="ArgumentException"/>.</exception>
    public T ReadState<T>(int maxVersion = 1)
        where T : class
    {
        if (StateVersion < 1 || StateVersion > maxVersion)
            throw new InvalidDataException(
                $"The model's '{Component}' has state version {StateVersion}; this version of {Assembly} reads 1 to {maxVersion}: use the version that wrote it, or a newer one.");
        return (T)ModelJson.Read(_header.State, typeof(T), $"The state of the model's '{Component}'");
    }

    /// <summary>Opens <c>weights.safetensors</c>; the caller disposes the reader.</summary>
    /// <remarks>From here on torch can be used.</remarks>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    /// <exception cref="DllNotFoundException">The application references no libtorch; the message names the package.</exception>
    public SafetensorsReader ReadWeights()
    {
        // Here rather than at the first tensor: a component's first use of torch may be anything, such as a dispose scope.
        LibTorch.EnsureLoaded();
        SafetensorsReader? weights = null;
        ReadStream(ModelWriter.WeightsName, stream => weights = SafetensorsReader.FromStream(stream));
        return weights!;
    }

    /// <summary>Reads a stream of the component's own.</summary>
    /// <param name="name">The name it was written under.</param>
    /// <param name="read">Reads the content; the stream is closed afterwards.</param>
    /// <exception cref="InvalidDataException">The model has no stream of that name.</exception>
    public void ReadStream(string name, Action<Stream> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!_context.TryLoadBinaryStream(name, reader => read(reader.BaseStream)))
            throw new InvalidDataException($"The model's '{_context.Directory}' has no '{name}'.");
    }

    private ComponentHeader ReadHeader()
    {
        ComponentHeader? header = null;
        ReadStream(ComponentHeader.StreamName, stream =>
        {
            if (stream.Length > MaxHeaderBytes)
                throw new InvalidDataException($"The model's component header has {stream.Length} bytes; at most {MaxHeaderBytes} are accepted.");
            using JsonDocument json = Parse(stream);
            RequireFormat(json.RootElement);
            header = (ComponentHeader)ModelJson.Read(json.RootElement.Clone(), typeof(ComponentHeader), "The model's component header");
        });
        return header!;
    }

    private static JsonDocument Parse(Stream stream)
    {
        try
        {
            return JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = ModelJson.MaxDepth, AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model's component header is damaged: {e.Message}");
        }
    }

    // Before anything else is read: another format may have other members.
    private static void RequireFormat(JsonElement header)
    {
        if (header.ValueKind != JsonValueKind.Object
            || !header.TryGetProperty("formatVersion", out JsonElement member)
            || member.ValueKind != JsonValueKind.Number
            || !member.TryGetInt32(out int version))
            throw new InvalidDataException("The model's component header is damaged: it has no format version.");
        if (version != ComponentHeader.CurrentFormatVersion)
            throw new InvalidDataException(
                $"The model has component format {version}; this version of MLNetExt reads format {ComponentHeader.CurrentFormatVersion}: use the version that wrote it.");
    }
}
