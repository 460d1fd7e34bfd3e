using System.Runtime.InteropServices;

namespace MLNetExt.Torch;

/// <summary>The NuGet packages that bring libtorch: libraries leave the choice to the application.</summary>
internal static class NativePackages
{
    /// <summary>The version of libtorch that the TorchSharp we compile against asks for.</summary>
    public const string LibTorchVersion = "2.10.0";

    public const string TorchSharpVersion = "0.107.0";

    /// <summary>A sentence for the end of an error message.</summary>
    public static string Advice
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "windows" : "linux";
            string gpu = OperatingSystem.IsMacOS() ? "" : $", or TorchSharp-cuda-{system} {TorchSharpVersion} for an NVIDIA GPU";
            return $"Reference one native package in the application's project: {CpuPackage} {LibTorchVersion} "
                + $"or TorchSharp-cpu {TorchSharpVersion} (all systems){gpu}.";
        }
    }

    private static string CpuPackage =>
        OperatingSystem.IsWindows() ? RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "libtorch-cpu-win-arm64" : "libtorch-cpu-win-x64"
        : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64"
        : "libtorch-cpu-linux-x64";
}
