using System.Security.Cryptography;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>A whole, verified checkpoint folder.</summary>
internal sealed class Checkpoint
{
    public const string StateFile = "state.json";
    public const string WeightsFile = "weights.safetensors";
    public const string OptimizerFile = "optimizer.safetensors";
    public const string StepFile = "step.safetensors";
    public const string BestFile = "best.safetensors";

    private Checkpoint(string folder, CheckpointState state) => (Folder, State) = (folder, state);

    public string Folder { get; }

    public CheckpointState State { get; }

    /// <summary>Opens a folder after comparing every file with its digest.</summary>
    /// <exception cref="InvalidDataException">A file is missing or damaged.</exception>
    public static Checkpoint Open(string folder)
    {
        var state = CheckpointState.Read(Path.Combine(folder, StateFile));
        foreach (string file in new[] { WeightsFile, OptimizerFile, StepFile }.Except(state.Files.Keys))
        {
            throw new InvalidDataException($"'{StateFile}' does not list '{file}'.");
        }
        foreach (var (file, expected) in state.Files)
        {
            using var stream = File.OpenRead(Path.Combine(folder, file));
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != expected)
            {
                throw new InvalidDataException($"'{file}' differs from what was written.");
            }
        }
        return new Checkpoint(folder, state);
    }

    /// <summary>Reads a file's tensors, on the CPU, into the current dispose scope.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Read(string file)
    {
        using var reader = SafetensorsReader.FromFile(Path.Combine(Folder, file));
        return reader.Names.Select(n => KeyValuePair.Create(n, reader.Read(n))).ToList();
    }

    /// <summary>Overwrites tensors with those of the same names.</summary>
    /// <exception cref="InvalidOperationException">The file and the targets do not have the same names.</exception>
    public void ReadInto(string file, IEnumerable<KeyValuePair<string, Tensor>> targets)
    {
        using var reader = SafetensorsReader.FromFile(Path.Combine(Folder, file));
        var missing = reader.Names.ToHashSet();
        foreach (var (name, target) in targets)
        {
            if (!missing.Remove(name))
            {
                throw new InvalidOperationException($"'{Path.Combine(Folder, file)}' has no tensor '{name}': it belongs to another network.");
            }
            reader.ReadInto(name, target);
        }
        if (missing.Count > 0)
        {
            throw new InvalidOperationException($"'{Path.Combine(Folder, file)}' has the tensor '{missing.First()}', which this network lacks.");
        }
    }
}
