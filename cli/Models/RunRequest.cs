using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Models;

/// <summary>What every training run is told.</summary>
/// <param name="Terminal">Where to tell of it.</param>
/// <param name="Data">The training file.</param>
/// <param name="Model">The model file to write.</param>
/// <param name="Checkpoints">Where checkpoints are kept.</param>
/// <param name="Threads">How many threads compute; 0 for torch's own choice.</param>
internal sealed record RunRequest(Terminal Terminal, string Data, string Model, CheckpointFolder Checkpoints, int Threads);
