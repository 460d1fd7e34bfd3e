using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>doctor</c> finds. What torch would have told is null when it does not work, and <see cref="Error"/> says why.</summary>
internal sealed record Diagnosis
{
    public string Mlnetext { get; } = VersionOf(typeof(Diagnosis));

    public string MlNet { get; } = VersionOf(typeof(MLContext));

    public string TorchSharp { get; } = VersionOf(typeof(Tensor));

    public string DotNet { get; } = RuntimeInformation.FrameworkDescription;

    public string System { get; } = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}";

    /// <summary>libtorch's version.</summary>
    public string? Libtorch { get; private init; }

    /// <summary>The TorchSharp native library that was loaded.</summary>
    public string? Library { get; private init; }

    /// <summary>Whether that is the private copy for systems with an older C++ library.</summary>
    public bool? IsPatchedCopy { get; private init; }

    public string? Device { get; private init; }

    public int? Threads { get; private init; }

    public string? Error { get; private init; }

    /// <summary>Loads torch, computes a little, and says what it found.</summary>
    public static Diagnosis Make(MLContext ml)
    {
        try
        {
            LibTorchInfo info = LibTorch.Info;
            Device device = TorchDevice.Choose(ml);
            using var scope = NewDisposeScope();
            double sum = ones(64, 64, device: device).matmul(ones(64, 64, device: device)).sum().item<float>();
            return new Diagnosis
            {
                Libtorch = info.Version,
                Library = info.TorchSharpLibrary,
                IsPatchedCopy = info.IsPatchedCopy,
                Device = device.ToString(),
                Threads = get_num_threads(),
                Error = sum == 64 * 64 * 64 ? null : $"a product of two 64 x 64 matrices of ones sums to {sum}, not {64 * 64 * 64}.",
            };
        }
        catch (Exception e) when (e is DllNotFoundException or ExternalException)
        {
            return new Diagnosis { Error = e.Message };
        }
    }

    /// <summary>The package version of a type's assembly, without the source revision.</summary>
    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
