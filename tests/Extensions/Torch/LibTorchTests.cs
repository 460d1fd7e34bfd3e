using MLNetExt.Tests.ChildProcess;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class LibTorchTests
{
    [TestMethod]
    public void Torch_computes_after_EnsureLoaded()
    {
        LibTorch.EnsureLoaded();
        using var sum = tensor(1f) + tensor(1f);
        Assert.AreEqual(2f, sum.item<float>());
    }

    [TestMethod]
    public void Info_tells_version_and_library()
    {
        Assert.AreEqual(NativePackages.LibTorchVersion, LibTorch.Info.Version);
        if (OperatingSystem.IsLinux())
            Assert.EndsWith(LinuxLoader.TorchSharpLibrary, LibTorch.Info.TorchSharpLibrary);
    }

    [TestMethod]
    public void Advice_names_the_version_of_TorchSharp_that_is_referenced()
    {
        var version = typeof(TorchSharp.torch).Assembly.GetName().Version!;
        Assert.AreEqual(NativePackages.TorchSharpVersion, $"{version.Major}.{version.Minor}.{version.Build}");
        Assert.Contains($"TorchSharp-cpu {NativePackages.TorchSharpVersion}", NativePackages.Advice);
    }

    [TestMethod]
    public async Task Ten_processes_with_an_empty_cache_all_load_torch()
    {
        var cache = Directory.CreateTempSubdirectory();
        try
        {
            var environment = new Dictionary<string, string> { ["XDG_CACHE_HOME"] = cache.FullName };
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Child.RunAsync("torch-add", [], environment)));

            foreach (var outcome in outcomes)
            {
                Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
                Assert.AreEqual("2", outcome.Output.Split('\n')[0]);
            }

            // One finished copy where this system needs one, and nothing half-written.
            string[] copies = Directory.GetFiles(cache.FullName, "*", SearchOption.AllDirectories);
            Assert.HasCount(LibTorch.Info.IsPatchedCopy ? 1 : 0, copies);
            if (copies is [var copy])
                Assert.IsTrue(outcomes.All(outcome => outcome.Output.TrimEnd().EndsWith(copy, StringComparison.Ordinal)));
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task A_cache_that_cannot_be_written_falls_back_to_a_temporary_copy()
    {
        string file = Path.GetTempFileName();
        try
        {
            var outcome = await Child.RunAsync("torch-add", [], new Dictionary<string, string> { ["XDG_CACHE_HOME"] = file });
            Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
            Assert.StartsWith("2", outcome.Output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public async Task A_program_without_native_package_is_told_which_to_reference()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            // No deps.json and no runtimes folder: the managed assemblies alone.
            foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Append(Path.Combine(AppContext.BaseDirectory, "MLNetExt.ChildProcess.runtimeconfig.json")))
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));

            var outcome = await Child.RunAsync("torch-add", [], folder: folder.FullName);

            Assert.AreNotEqual(0, outcome.ExitCode);
            Assert.Contains(nameof(DllNotFoundException), outcome.Error);
            Assert.Contains($"TorchSharp-cpu {NativePackages.TorchSharpVersion}", outcome.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
