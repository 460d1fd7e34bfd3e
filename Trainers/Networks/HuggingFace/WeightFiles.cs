using System.Text.Json;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>The tensors of a model directory: of one safetensors file, or of the shards that an index lists. Each is read when it is asked for.</summary>
internal sealed class WeightFiles : IDisposable
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";
    public const string WeightMap = "weight_map";

    private readonly string _folder;
    private readonly Dictionary<string, SafetensorsReader> _files = [];
    private readonly Dictionary<string, string> _fileOf = [];

    private WeightFiles(string folder) => _folder = folder;

    /// <summary>The tensors' names.</summary>
    public IEnumerable<string> Names => _fileOf.Keys;

    /// <summary>The names of the tensors in a directory, which is read when they are enumerated.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public static IEnumerable<string> NamesIn(string folder)
    {
        using WeightFiles files = Open(folder);
        foreach (string name in files.Names)
            yield return name;
    }

    /// <exception cref="FileNotFoundException">There are no weights, or a shard is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or a shard and the index disagree.</exception>
    public static WeightFiles Open(string folder)
    {
        var files = new WeightFiles(folder);
        try
        {
            if (File.Exists(Path.Combine(folder, SingleFile)))
                files.AddFile(SingleFile);
            else if (File.Exists(Path.Combine(folder, IndexFile)))
                files.AddShards();
            else
                throw new FileNotFoundException($"'{folder}' holds neither {SingleFile} nor {IndexFile}: save the model in the safetensors format.", Path.Combine(folder, SingleFile));
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>What a file's header says of a tensor.</summary>
    public SafetensorsEntry Entry(string name) => _files[_fileOf[name]][name];

    /// <summary>Reads a tensor, on the CPU; the caller disposes it.</summary>
    public Tensor Read(string name) => Named(_fileOf[name], () => _files[_fileOf[name]].Read(name));

    public void Dispose()
    {
        foreach (SafetensorsReader file in _files.Values)
            file.Dispose();
        _files.Clear();
    }

    private void AddFile(string file)
    {
        SafetensorsReader reader = Named(file, () => SafetensorsReader.FromFile(Path.Combine(_folder, file)));
        _files.Add(file, reader);
        foreach (string name in reader.Names)
        {
            if (!_fileOf.TryAdd(name, file))
                throw new InvalidDataException($"Both '{_fileOf[name]}' and '{file}' in '{_folder}' hold a tensor '{name}'.");
        }
    }

    private void AddShards()
    {
        Dictionary<string, string> index = ReadIndex();
        string[] shards = [.. index.Values.Distinct().Order(StringComparer.Ordinal)];
        string[] missing = [.. shards.Where(s => !File.Exists(Path.Combine(_folder, s)))];
        if (missing.Length > 0)
            throw new FileNotFoundException($"'{_folder}' lacks {string.Join(", ", missing)}, listed in {IndexFile}: copy all files of the model.", Path.Combine(_folder, missing[0]));
        foreach (string shard in shards)
            AddFile(shard);
        foreach ((string name, string shard) in index)
        {
            if (!_files[shard].Contains(name))
                throw new InvalidDataException($"{IndexFile} in '{_folder}' says that '{shard}' holds a tensor '{name}', but it does not: the shard belongs to another model.");
        }
    }

    private Dictionary<string, string> ReadIndex()
    {
        string path = Path.Combine(_folder, IndexFile);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            var index = document.RootElement.GetProperty(WeightMap).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? string.Empty);
            // A name with a path would read files outside of the directory.
            if (index.Values.FirstOrDefault(f => f.Length == 0 || f != Path.GetFileName(f) || f is "." or "..") is { } odd)
                throw new InvalidDataException($"'{path}' names the file '{odd}': shards lie beside the index.");
            return index;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is no index of shards: an object '{WeightMap}' from each tensor's name to its file is expected. {e.Message}", e);
        }
    }

    /// <summary>Says which file an error is about.</summary>
    private T Named<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{Path.Combine(_folder, file)}' is damaged: {e.Message}", e);
        }
    }
}
