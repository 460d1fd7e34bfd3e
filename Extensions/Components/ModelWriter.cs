using System.Text.Json;
using Microsoft.ML;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Components;

/// <summary>A component's own part of a model that is being saved: a JSON header, and named streams beside it.</summary>
public sealed class ModelWriter
{
    internal const string WeightsName = "weights.safetensors";
    private readonly ModelSaveContext _context;
    private readonly Type _type;
    private (JsonElement State, int Version)? _header;

    internal ModelWriter(ModelSaveContext context, Type type)
    {
        _context = context;
        _type = type;
    }

    /// <summary>Writes the component's state into the model's header.</summary>
    /// <typeparam name="T">A plain class or record; its public properties are stored as JSON.</typeparam>
    /// <param name="state">The state.</param>
    /// <param name="version">The version of <typeparamref name="T"/>; raise it when an older reader could not understand the state.</param>
    public void WriteState<T>(T state, int version = 1)
        where T : class => _header = (JsonSerializer.SerializeToElement(state, ModelJson.Options), version);

    /// <summary>Writes tensors as <c>weights.safetensors</c>.</summary>
    public void WriteWeights(IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        WriteStream(WeightsName, stream => SafetensorsWriter.Write(stream, tensors));

    /// <summary>Writes a stream of the component's own.</summary>
    /// <param name="name">A file name without folders.</param>
    /// <param name="write">Writes the content; the stream is closed afterwards.</param>
    public void WriteStream(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        _context.SaveBinaryStream(name, writer => write(writer.BaseStream));
    }

    internal void Complete()
    {
        (JsonElement state, int version) = _header
            ?? throw new InvalidOperationException($"{_type} saved no state: its Save must call WriteState.");
        var header = new ComponentHeader(
            ComponentHeader.CurrentFormatVersion, ComponentTypes.IdOf(_type), ComponentTypes.AssemblyOf(_type), version, state);
        WriteStream(ComponentHeader.StreamName, stream => JsonSerializer.Serialize(stream, header, ModelJson.Options));
    }
}
