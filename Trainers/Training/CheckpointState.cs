using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MLNetExt.Training;

/// <summary>A checkpoint's <c>state.json</c>.</summary>
internal sealed record CheckpointState
{
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Epochs finished.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of the next epoch already trained on.</summary>
    public required int Batch { get; init; }

    /// <summary>Optimiser steps made.</summary>
    public required long Step { get; init; }

    public BestValidation? Best { get; init; }

    public int ValidationsSinceBest { get; init; }

    /// <summary>Everything that must be equal for a resumed run to equal an uninterrupted one.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>The step's small values.</summary>
    public required JsonObject StepValues { get; init; }

    /// <summary>The SHA-256 of each other file, in hexadecimal.</summary>
    public Dictionary<string, string> Files { get; init; } = [];

    public static CheckpointState Read(string path)
    {
        var state = JsonSerializer.Deserialize<CheckpointState>(File.ReadAllText(path), Format)
            ?? throw new InvalidDataException($"'{path}' is empty.");
        return state.Version == CurrentVersion
            ? state
            : throw new NotSupportedException($"'{path}' has version {state.Version}; this library reads version {CurrentVersion}.");
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Format);
}
