using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Writes a network as a Hugging Face model directory, which appears whole or not at all.</summary>
internal static class ModelDirectoryWriter
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private static readonly Dictionary<string, string> s_metadata = new() { ["format"] = "pt" };

    /// <summary>Writes into a sibling, flushes it to the disk and renames it.</summary>
    /// <param name="path">The directory. One that holds nothing but a model is replaced.</param>
    /// <param name="network">The network; its weights are written as they are, adapters merged into them.</param>
    /// <param name="families">What it may be written as.</param>
    /// <param name="options">What else is written; null for nothing.</param>
    /// <exception cref="NotSupportedException">No family has a network of this shape.</exception>
    /// <exception cref="IOException">The directory holds other files than a model's, or cannot be written.</exception>
    public static void Write<TOptions, TNetwork>(string path, TNetwork network, ModelFamilies<TOptions, TNetwork> families, ModelSaveOptions? options = null)
        where TNetwork : nn.Module
    {
        options ??= new ModelSaveOptions();
        NetworkCheck.Require(options.MaxShardBytes >= 1, $"MaxShardBytes is {options.MaxShardBytes}: it must be at least 1.");
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        (IModelFormat<TOptions> format, JsonObject config) = Format(families, families.OptionsOf(network));
        List<KeyValuePair<string, Tensor>> weights = Weights(format, network, families);
        config["bos_token_id"] = options.BeginId;
        config["eos_token_id"] = options.EndIds is [int only] ? only : options.EndIds.Count == 0 ? null : new JsonArray([.. options.EndIds.Select(id => JsonValue.Create(id))]);
        if (options.PadId is { } pad)
            config["pad_token_id"] = pad;
        config["torch_dtype"] = weights[0].Value.dtype.ToString().ToLowerInvariant();
        string final = RequireReplaceable(path);
        string temporary = $"{final}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(temporary);
        try
        {
            WriteWeights(temporary, weights, options.MaxShardBytes);
            WriteText(Path.Combine(temporary, ModelFiles.Config), config.ToJsonString(s_indented));
            foreach ((string file, string text) in options.Tokenizer)
                WriteText(Path.Combine(temporary, file), text);
            Replace(final, temporary);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Makes sure that a directory is not there yet, or that nothing would be lost with it but a model.</summary>
    /// <returns>Its full path, without a separator at the end.</returns>
    /// <exception cref="IOException">It holds other files than a model's, or is a file itself.</exception>
    public static string RequireReplaceable(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(path))
            throw new IOException($"'{path}' is a file: a model is a directory.");
        string? other = !Directory.Exists(path) ? null : Directory.EnumerateFileSystemEntries(path).Select(e => Path.GetFileName(e)!)
            .FirstOrDefault(n => n is not (ModelFiles.Config or WeightFiles.IndexFile) && !ModelFiles.OfTokenizer.Contains(n) && !n.EndsWith(".safetensors", StringComparison.Ordinal));
        return other is null ? path : throw new IOException($"'{path}' holds '{other}', which would be lost: save the model into a directory of its own.");
    }

    private static (IModelFormat<TOptions> Format, JsonObject Config) Format<TOptions, TNetwork>(ModelFamilies<TOptions, TNetwork> families, TOptions options)
        where TNetwork : nn.Module
    {
        foreach (IModelFormat<TOptions> format in families.Formats)
        {
            if (format.WriteConfig(options) is { } config)
                return (format, config);
        }

        throw new NotSupportedException($"None of the families {string.Join(", ", families.Formats.Select(f => f.ModelType))} has a network of this shape: {families.Advice}.");
    }

    private static List<KeyValuePair<string, Tensor>> Weights<TOptions, TNetwork>(IModelFormat<TOptions> format, TNetwork network, ModelFamilies<TOptions, TNetwork> families)
        where TNetwork : nn.Module =>
        [.. format.Weights(families.OptionsOf(network), families.WeightsOf(network)).Select(w => KeyValuePair.Create(format.IsHead(w.Key) ? w.Key : format.Prefix + w.Key, w.Value))];

    private static void WriteWeights(string folder, List<KeyValuePair<string, Tensor>> weights, long maxShardBytes)
    {
        List<List<KeyValuePair<string, Tensor>>> shards = Shards(weights, maxShardBytes);
        if (shards.Count == 1)
        {
            WriteFile(Path.Combine(folder, WeightFiles.SingleFile), file => SafetensorsWriter.Write(file, weights, s_metadata));
            return;
        }

        var map = new JsonObject();
        for (int i = 0; i < shards.Count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
            WriteFile(Path.Combine(folder, name), file => SafetensorsWriter.Write(file, shards[i], s_metadata));
            foreach ((string weight, _) in shards[i])
                map[weight] = name;
        }

        var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = weights.Sum(Bytes) }, [WeightFiles.WeightMap] = map };
        WriteText(Path.Combine(folder, WeightFiles.IndexFile), index.ToJsonString(s_indented));
    }

    /// <summary>The weights in their order, a new shard begun where the next would be too much.</summary>
    private static List<List<KeyValuePair<string, Tensor>>> Shards(List<KeyValuePair<string, Tensor>> weights, long maxShardBytes)
    {
        List<List<KeyValuePair<string, Tensor>>> shards = [];
        long size = 0;
        foreach (KeyValuePair<string, Tensor> weight in weights)
        {
            if (shards.Count == 0 || size + Bytes(weight) > maxShardBytes)
            {
                shards.Add([]);
                size = 0;
            }

            shards[^1].Add(weight);
            size += Bytes(weight);
        }

        return shards;
    }

    private static long Bytes(KeyValuePair<string, Tensor> weight) => weight.Value.numel() * weight.Value.ElementSize;

    private static void Replace(string final, string temporary)
    {
        string old = temporary + ".old";
        bool exists = Directory.Exists(final);
        if (exists)
            Directory.Move(final, old);
        try
        {
            Directory.Move(temporary, final);
        }
        catch when (exists)
        {
            Directory.Move(old, final);
            throw;
        }

        if (exists)
            Directory.Delete(old, recursive: true);
    }

    private static void WriteText(string path, string text) => WriteFile(path, file => file.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static void WriteFile(string path, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(file);
        file.Flush(flushToDisk: true);
    }
}
