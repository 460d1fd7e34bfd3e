using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Torch;

namespace MLNetExt.Components;

/// <summary>A component's own part of a model that is being loaded.</summary>
public sealed class ModelReader
{
    private const int MaxHeaderBytes = 64 << 20;
    private readonly ModelLoadContext _context;
    private readonly ComponentHeader _header;

    internal ModelReader(ModelLoadContext context)
    {
        _context = context;
        _header = ReadHeader();
        if (_header.FormatVersion != ComponentHeader.CurrentFormatVersion)
            throw new InvalidDataException(
                $"The model has component format {_header.FormatVersion}; this version of MLNetExt reads format {ComponentHeader.CurrentFormatVersion}: use the version that wrote it.");
    }

    /// <summary>The version that the component gave to <see cref="ModelWriter.WriteState"/>.</summary>
    public int StateVersion => _header.StateVersion;

    internal string Component => _header.Component;

    internal string Assembly => _header.Assembly;

    /// <summary>Reads the component's state from the header.</summary>
    /// <typeparam name="T">What <see cref="ModelWriter.WriteState"/> was given.</typeparam>
    /// <param name="maxVersion">The highest state version that the component understands.</param>
    /// <exception cref="InvalidDataException">The state is damaged, or newer than <paramref name="maxVersion"/>.</exception>
    public T ReadState<T>(int maxVersion = 1)
        where T : class
    {
        if (StateVersion < 1 || StateVersion > maxVersion)
            throw new InvalidDataException(
                $"The model's '{Component}' has state version {StateVersion}; this version of {Assembly} reads 1 to {maxVersion}: use the version that wrote it, or a newer one.");
        try
        {
            return _header.State.Deserialize<T>(ModelJson.Options)
                ?? throw new InvalidDataException($"The model's '{Component}' has no state.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The model's '{Component}' has a damaged state: {e.Message}", e);
        }
    }

    /// <summary>Opens <c>weights.safetensors</c>; the caller disposes the reader.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public SafetensorsReader ReadWeights()
    {
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
            try
            {
                header = JsonSerializer.Deserialize<ComponentHeader>(stream, ModelJson.Options);
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"The model's component header is damaged: {e.Message}", e);
            }
        });
        return header ?? throw new InvalidDataException("The model's component header is empty.");
    }
}
