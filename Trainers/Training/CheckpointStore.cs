using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>The checkpoints of a run: a folder <c>step-00001234</c> each, which appears whole or not at all.</summary>
internal sealed class CheckpointStore(string folder, int keep, Action<string>? warn)
{
    private const string Prefix = "step-";
    private const string Temporary = ".tmp";

    /// <summary>Writes a checkpoint into a temporary sibling, flushes it to the disk and renames it.</summary>
    /// <returns>The checkpoint's folder.</returns>
    public string Save(CheckpointState state, IEnumerable<(string File, IEnumerable<KeyValuePair<string, Tensor>> Tensors)> files)
    {
        string final = PathOf(state.Step);
        string temporary = Path.Combine(folder, $".{NameOf(state.Step)}.{Guid.NewGuid():N}{Temporary}");
        Directory.CreateDirectory(temporary);
        try
        {
            foreach (var (file, tensors) in files)
            {
                state.Files[file] = Write(Path.Combine(temporary, file), s => SafetensorsWriter.Write(s, tensors));
            }
            Write(Path.Combine(temporary, Checkpoint.StateFile), s => s.Write(state.ToJson()));
            if (Directory.Exists(final))
            {
                Directory.Move(final, temporary + Temporary);
            }
            Directory.Move(temporary, final);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        Prune(state.Best?.Step);
        return final;
    }

    /// <summary>Whether the folder holds any checkpoint, usable or not.</summary>
    public bool IsEmpty => Steps().Count == 0;

    /// <summary>Opens the newest checkpoint that is whole, with a warning for each that is not.</summary>
    /// <returns>The checkpoint; null when the folder holds none.</returns>
    /// <exception cref="InvalidDataException">There are checkpoints, but all are damaged.</exception>
    public Checkpoint? OpenNewest()
    {
        var steps = Steps();
        foreach (long step in steps)
        {
            try
            {
                return Checkpoint.Open(PathOf(step));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or JsonException)
            {
                warn?.Invoke($"The checkpoint '{PathOf(step)}' is damaged and was passed over: {e.Message}");
            }
        }
        return steps.Count == 0
            ? null
            : throw new InvalidDataException($"All {steps.Count} checkpoints in '{folder}' are damaged. Empty the folder to start again.");
    }

    private void Prune(long? best)
    {
        foreach (long step in Steps().Skip(keep).Where(s => s != best))
        {
            Directory.Delete(PathOf(step), recursive: true);
        }
        foreach (string leftover in Directory.EnumerateDirectories(folder, $".{Prefix}*{Temporary}"))
        {
            Directory.Delete(leftover, recursive: true);
        }
    }

    /// <summary>The steps that have a folder, newest first.</summary>
    private List<long> Steps()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }
        var steps = new List<long>();
        foreach (string name in Directory.EnumerateDirectories(folder, Prefix + "*").Select(p => Path.GetFileName(p)))
        {
            if (long.TryParse(name[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long step) && name == NameOf(step))
            {
                steps.Add(step);
            }
        }
        return [.. steps.OrderDescending()];
    }

    private string PathOf(long step) => Path.Combine(folder, NameOf(step));

    private static string NameOf(long step) => Prefix + step.ToString("D8", CultureInfo.InvariantCulture);

    private static string Write(string path, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(hashed);
        }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.Hash!);
    }
}
