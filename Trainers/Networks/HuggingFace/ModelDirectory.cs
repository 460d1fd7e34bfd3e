using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A Hugging Face model directory: config.json and model.safetensors, or shards with their index. Everything is read from the disk.</summary>
/// <remarks>Weights of any floating-point type become the network's. What does not go together is an error before a weight is changed.</remarks>
internal sealed class ModelDirectory<TOptions, TNetwork>
    where TNetwork : nn.Module
{
    private readonly ModelFamilies<TOptions, TNetwork> _families;
    private readonly IModelFormat<TOptions> _format;

    internal ModelDirectory(string path, ModelFamilies<TOptions, TNetwork> families, IModelFormat<TOptions> format, TOptions options, IReadOnlyList<int> endIds) =>
        (Path, _families, _format, Options, EndIds) = (path, families, format, options, endIds);

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The shape of the network.</summary>
    public TOptions Options { get; }

    /// <summary>The ids that end a text; empty when config.json does not say.</summary>
    public IReadOnlyList<int> EndIds { get; }

    /// <summary>The path of a file of the directory, such as one of <see cref="ModelFiles"/>; null when there is none of that name.</summary>
    public string? Find(string file)
    {
        string path = System.IO.Path.Combine(Path, file);
        return File.Exists(path) ? path : null;
    }

    /// <summary>The network with its weights; the caller owns it. A part that the files lack, and may, has initial weights.</summary>
    /// <param name="generator">Draws initial weights, then what is dropped in training; the network does not own it.</param>
    /// <exception cref="FileNotFoundException">There are no weights, or a shard is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the weights are of another network; the message lists the differences.</exception>
    public TNetwork Load(Generator generator) => Load(generator, out _);

    /// <param name="generator">Draws initial weights, then what is dropped in training; the network does not own it.</param>
    /// <param name="absent">The parts that have initial weights: what the names of those begin with.</param>
    /// <inheritdoc cref="Load(Generator)"/>
    public TNetwork Load(Generator generator, out IReadOnlyList<string> absent)
    {
        TNetwork network = _families.Create(Options, generator);
        try
        {
            absent = ReadInto(network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites a network's weights: one of this shape, its dropout and its optional parts aside.</summary>
    /// <returns>The network's parts that the files lack, which keep their weights: what the names of those begin with.</returns>
    /// <inheritdoc cref="Load(Generator)" path="/exception"/>
    public IReadOnlyList<string> ReadInto(TNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using WeightFiles files = WeightFiles.Open(Path);
        TOptions options = _families.OptionsOf(network);
        Dictionary<string, Tensor> weights = new(_format.Weights(options, network.state_dict()));
        IReadOnlyDictionary<string, string> copies = _format.Copies(options);
        Dictionary<string, string> stored = Match(files, weights, copies);
        foreach ((string copy, string original) in copies)
        {
            if (stored.ContainsKey(copy) && stored.ContainsKey(original))
                RequireCopy(files, stored, copy, original);
        }

        foreach ((string name, Tensor weight) in weights.Where(w => stored.ContainsKey(w.Key)))
        {
            using Tensor values = files.Read(stored[name]);
            weight.copy_(values);
        }

        return [.. _format.OptionalParts.Where(part => Has(weights.Keys, part) && !Has(stored.Keys, part))];
    }

    /// <summary>The name in the files of each weight, and of each copy that is there.</summary>
    private Dictionary<string, string> Match(WeightFiles files, Dictionary<string, Tensor> weights, IReadOnlyDictionary<string, string> copies)
    {
        var check = new WeightCheck(Path);
        var stored = new Dictionary<string, string>();
        foreach (string fileName in files.Names)
        {
            string name = NameOf(fileName);
            if (_format.IsIgnored(name) || _format.OptionalParts.Any(part => name.StartsWith(part, StringComparison.Ordinal) && !Has(weights.Keys, part)))
                continue;
            Tensor? weight = weights.GetValueOrDefault(copies.GetValueOrDefault(name, name));
            if (weight is null || !stored.TryAdd(name, fileName))
                check.Unexpected(files.Entry(fileName));
            else
                check.Compare(files.Entry(fileName), weight);
        }

        string[] absent = [.. _format.OptionalParts.Where(part => !Has(stored.Keys, part))];
        foreach ((string name, Tensor weight) in weights.Where(w => !stored.ContainsKey(w.Key) && !absent.Any(part => w.Key.StartsWith(part, StringComparison.Ordinal))))
            check.Missing(name, weight);
        check.Report();
        return stored;
    }

    private string NameOf(string fileName) =>
        _format.Modern(fileName.StartsWith(_format.Prefix, StringComparison.Ordinal) ? fileName[_format.Prefix.Length..] : fileName);

    private static bool Has(IEnumerable<string> names, string part) => names.Any(name => name.StartsWith(part, StringComparison.Ordinal));

    private void RequireCopy(WeightFiles files, Dictionary<string, string> stored, string copy, string original)
    {
        using Tensor first = files.Read(stored[copy]), second = files.Read(stored[original]), converted = first.to(second.dtype);
        if (!converted.Equals(second))
            throw new InvalidDataException(
                $"'{Path}' holds a {copy} that differs from {original}, but its config.json ties the two: correct 'tie_word_embeddings', or remove the tensor.");
    }
}

internal static class ModelDirectory
{
    private const string ModelTypeKey = "model_type";

    /// <summary>Whether a directory's model is one of some families, by its config.json.</summary>
    /// <exception cref="FileNotFoundException">It has no config.json.</exception>
    /// <exception cref="InvalidDataException">config.json is damaged, or does not name the family.</exception>
    public static bool IsOf<TOptions, TNetwork>(string path, ModelFamilies<TOptions, TNetwork> families)
        where TNetwork : nn.Module
    {
        string type = ModelConfig.Read(Path.Combine(path, ModelFiles.Config)).Text(ModelTypeKey);
        return families.Formats.Any(format => format.ModelType == type);
    }

    /// <summary>Reads config.json; weights are read later.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="families">What it may hold.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">It has no config.json, or no weights where those must tell the shape.</exception>
    /// <exception cref="InvalidDataException">config.json is damaged or incomplete.</exception>
    /// <exception cref="NotSupportedException">The model is of another family, or computes something that the network cannot; the message names the key.</exception>
    public static ModelDirectory<TOptions, TNetwork> Open<TOptions, TNetwork>(string path, ModelFamilies<TOptions, TNetwork> families)
        where TNetwork : nn.Module
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no directory '{path}'.");
        string file = Path.Combine(path, ModelFiles.Config);
        ModelConfig config = ModelConfig.Read(file);
        IModelFormat<TOptions> format = config.Choice(ModelTypeKey, null, families.Formats.ToDictionary(f => f.ModelType), $"; {families.Elsewhere}");
        TOptions options = format.ReadConfig(config, WeightFiles.NamesIn(path));
        config.RequireAllUnderstood();
        try
        {
            families.Check(options);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"'{file}' describes no network: {e.Message}", e);
        }

        return new ModelDirectory<TOptions, TNetwork>(path, families, format, options, config.Ids("eos_token_id"));
    }
}
