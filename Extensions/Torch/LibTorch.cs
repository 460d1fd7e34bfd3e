using TorchSharp;

namespace MLNetExt.Torch;

/// <summary>Loads libtorch, with no step by the user, also on systems whose C++ library is older than TorchSharp's.</summary>
/// <remarks>
/// Every part of MLNetExt calls <see cref="EnsureLoaded"/> before its first torch call. A program that calls TorchSharp
/// itself before any part of MLNetExt should call it first: once TorchSharp has failed to load, it stays failed.
/// </remarks>
public static class LibTorch
{
    // A failure is kept too: every later call reports the same message instead of trying again.
    private static readonly Lazy<LibTorchInfo> s_info = new(Load);

    /// <summary>How libtorch was loaded; loads it if need be.</summary>
    /// <exception cref="DllNotFoundException">See <see cref="EnsureLoaded"/>.</exception>
    public static LibTorchInfo Info => s_info.Value;

    /// <summary>Loads libtorch unless it is loaded already. Safe from several threads; costs nothing after the first call.</summary>
    /// <exception cref="DllNotFoundException">
    /// A native library is missing (the message names the package to reference) or the operating system refused to load it
    /// (the message is the loader's).
    /// </exception>
    public static void EnsureLoaded() => _ = s_info.Value;

    private static LibTorchInfo Load()
    {
        try
        {
            var (library, isPatchedCopy) = OperatingSystem.IsLinux() ? LinuxLoader.Load() : (null, false);
            torch.InitializeDeviceType(DeviceType.CPU);
            return new LibTorchInfo(torch.NormalizeNuGetVersion(torch.__version__), library, isPatchedCopy);
        }
        catch (Exception e) when (e is NotSupportedException or TypeInitializationException
            or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // No inner exception: ML.NET wraps what fails while a model loads, and GetBaseException must find the advice.
            throw new DllNotFoundException($"libtorch could not be loaded: {e.GetBaseException().Message} {NativePackages.Advice}");
        }
    }
}
