using Microsoft.ML.Runtime;

namespace MLNetExt.Components;

/// <summary>What <c>MLContext</c> says about the GPU; the environment that components see keeps it to itself.</summary>
/// <param name="DeviceId">The GPU asked for; null for the CPU.</param>
/// <param name="FallbackToCpu">Whether the CPU will do when that GPU is not there.</param>
internal sealed record GpuSettings(int? DeviceId, bool FallbackToCpu)
{
    public static GpuSettings Of(IHostEnvironment environment) => environment is IHostEnvironmentInternal settings
        ? new(settings.GpuDeviceId, settings.FallbackToCpu)
        : new(null, true);
}
