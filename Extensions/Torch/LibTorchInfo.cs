namespace MLNetExt.Torch;

/// <summary>How libtorch was loaded in this process.</summary>
/// <param name="Version">The version of libtorch that TorchSharp was built for, for example <c>2.10.0</c>.</param>
/// <param name="TorchSharpLibrary">
/// The full path of the loaded TorchSharp native library, or <see langword="null"/> where the operating system's loader
/// found it by itself (Windows, macOS, a library path set by the user). Where the user's cache cannot be written, the file
/// was a temporary one and is gone already.
/// </param>
/// <param name="IsPatchedCopy">
/// Whether that file is the private copy which does without GLIBCXX_3.4.32 (Debian 12, Ubuntu 22.04).
/// </param>
public sealed record LibTorchInfo(string Version, string? TorchSharpLibrary, bool IsPatchedCopy);
