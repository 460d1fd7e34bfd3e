using BenchmarkDotNet.Running;
using MLNetExt.Benchmarks;
using MLNetExt.Torch;
using TorchSharp;

// ratios [filter]    every bar, or those whose group contains the filter; exits with 1 on a miss
// effects [filter]   the tables of docs/*-results.md, or those whose name contains the filter
// anything else      BenchmarkDotNet
LibTorch.EnsureLoaded();
torch.set_num_threads(2);
switch (args)
{
    case ["ratios", ..]:
        return Bars.Print(filter: args.ElementAtOrDefault(1) ?? "") ? 0 : 1;
    case ["effects", ..]:
        EffectTables.Print(filter: args.ElementAtOrDefault(1) ?? "");
        return 0;
    case [ChildRun.Verb, string verb]:
        Console.WriteLine(verb.Split('-')[0] switch
        {
            "banking" => Banking.Run(verb),
            "contrastive" => ContrastiveMemory.Run(verb),
            "head" => HeadMemory.Run(verb),
            "preference" => PreferenceMemory.Run(verb),
            _ => StreamedFit.Run(verb),
        });
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(LossSubjects).Assembly).Run(args);
        return 0;
}
