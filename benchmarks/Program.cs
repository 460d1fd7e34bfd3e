using BenchmarkDotNet.Running;
using MLNetExt.Benchmarks;
using MLNetExt.Torch;
using TorchSharp;

LibTorch.EnsureLoaded();
if (args is not ["ratios", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(LossSubjects).Assembly).Run(args);
    return 0;
}

torch.set_num_threads(2);
string filter = args.ElementAtOrDefault(1) ?? "";
IEnumerable<RatioBar> bars = [.. LossRatios.Bars()];

Console.WriteLine(RatioResult.Header);
bool passed = true;
foreach (var bar in bars.Where(b => b.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
{
    var result = bar.Measure();
    Console.WriteLine(result);
    passed &= result.Passes;
}

return passed ? 0 : 1;
