using Microsoft.ML.Runtime;
using MLNetExt.Components;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Torch;

/// <summary>Where tensors live and are computed with.</summary>
public static class TorchDevice
{
    /// <summary>
    /// The device that <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c> ask for: the CPU when no id is set.
    /// </summary>
    /// <param name="env">The environment of a component, or the <c>MLContext</c> itself.</param>
    /// <returns>
    /// The CPU, or CUDA with that index. When that GPU is not there and falling back is allowed, the CPU, after a warning in
    /// ML.NET's log.
    /// </returns>
    /// <exception cref="InvalidOperationException">The GPU is not there and <c>FallbackToCpu</c> is false.</exception>
    public static Device Choose(IHostEnvironment env)
    {
        ArgumentNullException.ThrowIfNull(env);
        LibTorch.EnsureLoaded();
        GpuSettings settings = GpuSettings.Of(env);
        if (settings.DeviceId is not { } id)
            return CPU;

        int gpus = cuda.is_available() ? cuda.device_count() : 0;
        if (id >= 0 && id < gpus)
            return device(DeviceType.CUDA, id);

        string found = gpus == 0 ? "no CUDA device is available" : $"the CUDA devices are 0 to {gpus - 1}";
        if (!settings.FallbackToCpu)
        {
            throw new InvalidOperationException(
                $"MLContext.GpuDeviceId is {id}, but {found}, and MLContext.FallbackToCpu is false. Set FallbackToCpu to true, "
                + "set GpuDeviceId to null for the CPU, or reference a CUDA package of TorchSharp on a machine with an NVIDIA driver.");
        }

        ComponentHost.Warn(env, nameof(TorchDevice), $"MLContext.GpuDeviceId is {id}, but {found}: using the CPU.");
        return CPU;
    }
}
