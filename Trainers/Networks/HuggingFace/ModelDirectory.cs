using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>A Hugging Face model directory: config.json and model.safetensors, or shards with their index. Everything is read from the disk.</summary>
/// <remarks>Weights of any floating-point type become the network's. What does not go together is an error before a weight is changed.</remarks>
internal sealed class ModelDirectory
{
    public const string ConfigFile = "config.json";
    public const string TokenizerFile = "tokenizer.json";
    public const string HeadName = "lm_head.weight";

    private readonly IModelFormat _format;

    private ModelDirectory(string path, IModelFormat format, DecoderOptions options, IReadOnlyList<int> endIds)
    {
        (Path, _format, Options, EndIds) = (path, format, options, endIds);
        string tokenizer = System.IO.Path.Combine(path, TokenizerFile);
        TokenizerPath = File.Exists(tokenizer) ? tokenizer : null;
    }

    /// <summary>The families that can be read and written.</summary>
    public static IReadOnlyList<IModelFormat> Formats { get; } = [new Gpt2Format(), new LlamaFormat()];

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The shape of the network.</summary>
    public DecoderOptions Options { get; }

    /// <summary>The ids that end a text; empty when config.json does not say.</summary>
    public IReadOnlyList<int> EndIds { get; }

    /// <summary>The path of tokenizer.json; null when there is none.</summary>
    public string? TokenizerPath { get; }

    /// <summary>Reads config.json; weights are read later.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">It has no config.json.</exception>
    /// <exception cref="InvalidDataException">config.json is damaged or incomplete.</exception>
    /// <exception cref="NotSupportedException">The model is of another family, or computes something that the network cannot; the message names the key.</exception>
    public static ModelDirectory Open(string path)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no directory '{path}'.");
        string file = System.IO.Path.Combine(path, ConfigFile);
        ModelConfig config = ModelConfig.Read(file);
        IModelFormat format = config.Choice("model_type", null, Formats.ToDictionary(f => f.ModelType));
        DecoderOptions options = format.ReadConfig(config);
        config.RequireAllUnderstood();
        try
        {
            options.Check();
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"'{file}' describes no network: {e.Message}", e);
        }

        return new ModelDirectory(path, format, options, config.Ids("eos_token_id"));
    }

    /// <summary>The network with its weights; the caller owns it.</summary>
    /// <param name="generator">Draws what is dropped in training; the network does not own it.</param>
    /// <exception cref="FileNotFoundException">There are no weights, or a shard is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the weights are of another network; the message lists the differences.</exception>
    public DecoderNetwork Load(Generator generator)
    {
        var network = new DecoderNetwork(Options, generator);
        try
        {
            ReadInto(network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites a network's weights: one of this shape, its dropout aside.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public void ReadInto(DecoderNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using WeightFiles files = WeightFiles.Open(Path);
        Dictionary<string, Tensor> weights = new(_format.Weights(network.Options, network.state_dict()));
        if (!network.Options.IsHeadTied)
            weights.Add(HeadName, network.HeadWeight);
        Dictionary<string, string> stored = Match(files, weights, network);
        foreach ((string name, Tensor weight) in weights)
        {
            using Tensor values = files.Read(stored[name]);
            weight.copy_(values);
        }

        if (network.Options.IsHeadTied && stored.TryGetValue(HeadName, out string? head))
            RequireTied(files.Read(head), network.HeadWeight);
    }

    /// <summary>The name in the files of each weight.</summary>
    private Dictionary<string, string> Match(WeightFiles files, Dictionary<string, Tensor> weights, DecoderNetwork network)
    {
        var check = new WeightCheck(Path);
        var stored = new Dictionary<string, string>();
        foreach (string fileName in files.Names)
        {
            string name = fileName.StartsWith(_format.Prefix, StringComparison.Ordinal) ? fileName[_format.Prefix.Length..] : fileName;
            if (_format.IsBuffer(name))
                continue;
            Tensor? weight = name == HeadName ? network.HeadWeight : weights.GetValueOrDefault(name);
            if (weight is null || !stored.TryAdd(name, fileName))
                check.Unexpected(files.Entry(fileName));
            else
                check.Compare(files.Entry(fileName), weight);
        }

        foreach ((string name, Tensor weight) in weights.Where(w => !stored.ContainsKey(w.Key)))
            check.Missing(name, weight);
        check.Report();
        return stored;
    }

    private void RequireTied(Tensor head, Tensor embedding)
    {
        if (!head.to(embedding.dtype, embedding.device).Equals(embedding))
            throw new InvalidDataException(
                $"'{Path}' holds a {HeadName} that differs from the token embedding, but its config.json ties the two: set 'tie_word_embeddings' to false, or remove the tensor.");
    }
}
