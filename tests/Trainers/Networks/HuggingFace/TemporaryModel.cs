using System.Text.Json.Nodes;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>A copy of a fixture that a test may damage.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(string fixture)
    {
        Path = Directory.CreateTempSubdirectory("mlnetext-model-").FullName;
        foreach (string file in Directory.EnumerateFiles(System.IO.Path.Combine(ModelFixture.Root, fixture)).Where(f => !f.EndsWith("expected.json", StringComparison.Ordinal)))
            System.IO.File.WriteAllBytes(File(file), System.IO.File.ReadAllBytes(file));
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(name));

    public TemporaryModel WithConfig(string key, string json)
    {
        JsonObject config = JsonNode.Parse(System.IO.File.ReadAllText(File("config.json")))!.AsObject();
        config[key] = JsonNode.Parse(json);
        System.IO.File.WriteAllText(File("config.json"), config.ToJsonString());
        return this;
    }

    public TemporaryModel WithoutConfig(string key)
    {
        JsonObject config = JsonNode.Parse(System.IO.File.ReadAllText(File("config.json")))!.AsObject();
        config.Remove(key);
        System.IO.File.WriteAllText(File("config.json"), config.ToJsonString());
        return this;
    }

    /// <summary>Writes the weights anew with changes.</summary>
    public TemporaryModel WithWeights(Action<Dictionary<string, Tensor>> change, string file = "model.safetensors")
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights;
        using (SafetensorsReader reader = SafetensorsReader.FromFile(File(file)))
            weights = reader.Names.ToDictionary(n => n, reader.Read);
        change(weights);
        using FileStream stream = System.IO.File.Create(File(file));
        SafetensorsWriter.Write(stream, weights);
        return this;
    }

    /// <summary>Takes the end of a file away.</summary>
    public void Cut(string file)
    {
        using FileStream stream = System.IO.File.OpenWrite(File(file));
        stream.SetLength(stream.Length - 100);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
