using System.Diagnostics;

namespace MLNetExt.Tests.Contract;

/// <summary>What this process holds.</summary>
public static class ProcessMemory
{
    /// <summary>What a test that watches memory tolerates, in bytes: the allocators' own slack.</summary>
    public const long Tolerated = 16L << 20;

    /// <summary>The working set in bytes, once what the collector keeps for later allocations has gone back to the system: live memory alone is counted.</summary>
    public static long WorkingSet()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
