using System.Buffers.Binary;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>Reads tensors in the safetensors format, strictly, and each only when it is asked for.</summary>
/// <remarks>
/// Nothing is allocated that the file only promises: the header's length is checked against the file's and against
/// 100 MB, each tensor's bytes against its shape and type, and the tensors must fill the data exactly, without holes and
/// overlaps. Reading tensors is safe from several threads. Format: https://huggingface.co/docs/safetensors.
/// </remarks>
public sealed class SafetensorsReader : IDisposable
{
    private readonly ISafetensorsData _data;
    private readonly Dictionary<string, SafetensorsEntry> _entries;

    private SafetensorsReader(SafetensorsHeader header, ISafetensorsData data)
    {
        _data = data;
        _entries = header.Entries.ToDictionary(e => e.Name);
        Entries = header.Entries;
        Metadata = header.Metadata;
    }

    /// <summary>What the header says of each tensor, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The tensors' names, in the same order.</summary>
    public IEnumerable<string> Names => Entries.Select(e => e.Name);

    /// <summary>The texts stored with the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the header says of one tensor.</summary>
    /// <exception cref="InvalidDataException">The file has no tensor of that name.</exception>
    public SafetensorsEntry this[string name] =>
        _entries.TryGetValue(name, out var entry) ? entry : throw new InvalidDataException($"There is no tensor '{name}'.");

    /// <summary>Opens a file; tensors are read from it until the reader is disposed.</summary>
    /// <exception cref="InvalidDataException">The file is not valid; the message says what is wrong, and of which tensor.</exception>
    public static SafetensorsReader FromFile(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            long rest = RandomAccess.GetLength(file) - sizeof(ulong);
            if (rest < 0)
                throw new InvalidDataException("The file is too short to hold the header's length.");
            var bytes = new FileData(file, 0);
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            bytes.Read(0, prefix);
            int headerLength = HeaderLength(prefix);
            if (headerLength > rest)
                throw new InvalidDataException($"The header takes {headerLength} bytes, but only {rest} follow its length.");

            byte[] json = new byte[headerLength];
            bytes.Read(sizeof(ulong), json);
            var header = SafetensorsHeader.Parse(json);
            CheckDataLength(header, rest - headerLength);
            return new SafetensorsReader(header, new FileData(file, sizeof(ulong) + headerLength));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole stream into memory: an entry of a zip file, for example. It need not be seekable.</summary>
    /// <param name="stream">Read from its current position to its end; left open, and no longer needed afterwards.</param>
    /// <exception cref="InvalidDataException">The data is not valid; the message says what is wrong, and of which tensor.</exception>
    public static SafetensorsReader FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        new StreamData(stream, prefix.Length).Read(0, prefix);
        int headerLength = HeaderLength(prefix);

        var headerData = new StreamData(stream, headerLength);
        byte[] json = new byte[headerLength];
        headerData.Read(0, json);
        var header = SafetensorsHeader.Parse(json);

        var data = new StreamData(stream, header.DataLength);
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"The data goes on after the last tensor, which ends at byte {header.DataLength}.");
        return new SafetensorsReader(header, data);
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Reads one tensor, on the CPU. The caller disposes it.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or its bytes cannot be read.</exception>
    public Tensor Read(string name)
    {
        var entry = this[name];
        LibTorch.EnsureLoaded();
        var tensor = empty([.. entry.Shape], entry.DType, CPU);
        try
        {
            Fill(tensor, entry);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Reads one tensor into another's memory: a parameter of a network, for example.</summary>
    /// <param name="name">The tensor to read.</param>
    /// <param name="target">A tensor of the same element type and shape, on any device.</param>
    /// <exception cref="InvalidDataException">
    /// There is no such tensor, its element type or shape is not the target's, or its bytes cannot be read.
    /// </exception>
    public void ReadInto(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var entry = this[name];
        if (target.dtype != entry.DType || !target.shape.AsSpan().SequenceEqual([.. entry.Shape]))
        {
            throw new InvalidDataException(
                $"Tensor '{name}': expected {SafetensorsDTypes.Describe(target.dtype, target.shape)}, found {entry.Description}.");
        }

        using var source = Read(name);
        using var _ = no_grad();
        target.copy_(source);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _data.Dispose();

    private static int HeaderLength(ReadOnlySpan<byte> prefix)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        return length <= SafetensorsHeader.MaxLength
            ? (int)length
            : throw new InvalidDataException($"The header would take {length} bytes; at most {SafetensorsHeader.MaxLength} are allowed.");
    }

    private static void CheckDataLength(SafetensorsHeader header, long length)
    {
        if (header.DataLength < length)
            throw new InvalidDataException($"{length - header.DataLength} bytes follow the last tensor, which ends at byte {header.DataLength}.");
        if (header.Entries.FirstOrDefault(e => e.End > length) is { } cut)
            throw new InvalidDataException($"Tensor '{cut.Name}' ends at byte {cut.End}, but the file has only {length} bytes of data.");
    }

    private void Fill(Tensor tensor, SafetensorsEntry entry)
    {
        TensorBytes.Visit(tensor, (offset, bytes) =>
        {
            _data.Read(entry.Begin + offset, bytes);

            // torch computes with a bool's byte as it is.
            if (entry.DType == ScalarType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
                throw new InvalidDataException($"Tensor '{entry.Name}': a BOOL must be 0 or 1.");
        });
    }
}
