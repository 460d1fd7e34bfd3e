using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNetExt.Kernels;

/// <summary>Runs work on the threads that torch itself computes with.</summary>
/// <remarks>torch's OpenMP threads go on spinning for milliseconds after each operation. Threads of .NET's pool would
/// share the cores with them, and on two cores get half; the spinning thread itself starts at once. Where libtorch does
/// not use GNU OpenMP (Windows, macOS), .NET's pool is used.</remarks>
internal static unsafe class TorchThreads
{
    // void GOMP_parallel(void (*fn)(void*), void* data, unsigned num_threads, unsigned flags)
    private static readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void> s_parallel = Find();

    /// <summary>Calls <paramref name="body"/> for 0 to count − 1, on at most <see cref="torch.get_num_threads"/> threads.</summary>
    public static void For(int count, Action<int> body)
    {
        int threads = Math.Min(count, torch.get_num_threads());
        if (threads <= 1)
        {
            for (int i = 0; i < count; i++)
                body(i);
        }
        else if (s_parallel is null)
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
        else
        {
            var work = new Work(count, body);
            var handle = GCHandle.Alloc(work);
            s_parallel(&Run, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
            handle.Free();
            work.Error?.Throw();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(void* handle) => ((Work)GCHandle.FromIntPtr((nint)handle).Target!).Run();

    private static delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void> Find()
    {
        // The library is loaded already; its dependencies are searched with it.
        bool found = NativeLibrary.TryLoad("libtorch_cpu.so", out nint library);
        return found && NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint parallel)
            ? (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, void>, void*, uint, uint, void>)parallel
            : null;
    }

    /// <summary>Indices handed out one by one, so that a delayed thread delays no other.</summary>
    private sealed class Work(int count, Action<int> body)
    {
        private int _next;

        public ExceptionDispatchInfo? Error { get; private set; }

        public void Run()
        {
            // An exception must not cross the native frames between here and the caller.
            try
            {
                for (int i = Interlocked.Increment(ref _next) - 1; i < count; i = Interlocked.Increment(ref _next) - 1)
                    body(i);
            }
            catch (Exception e)
            {
                Error = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
