using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Components;

/// <summary>A component's own part of a model that is being saved: a JSON header, and named streams beside it.</summary>
public sealed partial class ModelWriter
{
    internal const string WeightsName = "weights.safetensors";
    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase) { ComponentHeader.StreamName, WeightsName, "Model.key" };
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
        Write(WeightsName, stream => SafetensorsWriter.Write(stream, tensors));

    /// <summary>Writes a stream of the component's own.</summary>
    /// <param name="name">A file name of letters, digits, dots, dashes and underscores, beginning with a letter or digit; not
    /// <c>component.json</c>, <c>weights.safetensors</c> or ML.NET's own <c>Model.key</c>.</param>
    /// <param name="write">Writes the content; the stream is closed afterwards.</param>
    /// <exception cref="ArgumentException">The name cannot be used.</exception>
    public void WriteStream(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (!StreamName().IsMatch(name) || s_reserved.Contains(name))
            throw new ArgumentException(
                $"'{name}' cannot name a stream of a model: use letters, digits, dots, dashes and underscores, and none of {string.Join(", ", s_reserved)}.", nameof(name));
        Write(name, write);
    }

    internal void Complete()
    {
        (JsonElement state, int version) = _header
            ?? throw new InvalidOperationException($"{_type} saved no state: its Save must call WriteState.");
        var header = new ComponentHeader(
            ComponentHeader.CurrentFormatVersion, ComponentTypes.IdOf(_type), ComponentTypes.AssemblyOf(_type), version, state);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header, ModelJson.Options);
        if (json.Length > ModelReader.MaxHeaderBytes)
            throw new InvalidOperationException(
                $"The state of {_type} takes {json.Length} bytes as JSON, of which at most {ModelReader.MaxHeaderBytes} could be read back: write large parts with WriteStream.");
        Write(ComponentHeader.StreamName, stream => stream.Write(json));
    }

    private void Write(string name, Action<Stream> write) => _context.SaveBinaryStream(name, writer => write(writer.BaseStream));

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}\z")]
    private static partial Regex StreamName();
}
