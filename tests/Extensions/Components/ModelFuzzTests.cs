using System.Diagnostics;
using Microsoft.ML;

namespace MLNetExt.Tests.Components;

/// <summary>A damaged model gives a clear exception or scores: it never ends the process, hangs, or takes the memory that a number in it asks for.</summary>
[TestClass]
public sealed class ModelFuzzTests
{
    private const int Mutations = 10_000;
    private const long ManagedLimit = 32L << 20;
    private const long NativeLimit = 1L << 30;
    private static readonly TimeSpan s_caseLimit = TimeSpan.FromSeconds(30);

    private readonly MLContext _ml = new(seed: 1);
    private IDataView _data = null!;
    private int _case;

    [TestMethod]
    public void Mutated_models_load_correctly_or_are_refused_clearly()
    {
        _data = Flower.Data(_ml, rows: 3);
        byte[][] zips = [.. Models.All.Select(Models.Save)];
        ModelZip[] models = [.. zips.Select(ModelZip.Read)];
        long addressSpace = PeakAddressSpace();

        var outcomes = new SortedDictionary<string, int>();
        var run = Task.Factory.StartNew(() => RunAll(zips, models, outcomes), TaskCreationOptions.LongRunning);
        RequireProgress(run);

        Assert.IsLessThan(NativeLimit, PeakAddressSpace() - addressSpace, "a size in a model was allocated");
        Console.WriteLine(string.Join('\n', outcomes.Select(o => $"{o.Value,6} {o.Key}")));
        int loaded = outcomes.Where(o => o.Key.EndsWith("loaded", StringComparison.Ordinal)).Sum(o => o.Value);
        Assert.IsInRange(Mutations / 20, Mutations * 19 / 20, loaded);
    }

    private void RunAll(byte[][] zips, ModelZip[] models, SortedDictionary<string, int> outcomes)
    {
        var random = new Random(20262);
        for (_case = 0; _case < Mutations; _case++)
        {
            int model = _case % models.Length;
            ZipMutation mutation = ZipMutation.Draw(zips[model], models[model], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            string outcome = LoadAndScore(mutation, model);
            Assert.IsLessThan(ManagedLimit, GC.GetAllocatedBytesForCurrentThread() - before, $"case {_case}, {mutation.Name}: {outcome}");
            string key = $"{mutation.Name}: {outcome}";
            outcomes[key] = outcomes.GetValueOrDefault(key) + 1;
        }
    }

    private string LoadAndScore(ZipMutation mutation, int model)
    {
        ITransformer loaded;
        try
        {
            loaded = _ml.Model.Load(new MemoryStream(mutation.Zip), out _);
        }
        catch (Exception wrapped)
        {
            Exception e = wrapped.GetBaseException();
            if (mutation.IsOurs)
                Assert.IsInstanceOfType<InvalidDataException>(e, $"case {_case}, {mutation.Name}, {Models.All[model]}: {e}");
            Assert.IsFalse(
                e is OutOfMemoryException or NullReferenceException or IndexOutOfRangeException or TypeInitializationException or AssertFailedException,
                $"case {_case}, {mutation.Name}, {Models.All[model]}: {e}");
            Assert.IsGreaterThan(10, e.Message.Length);
            return e.GetType().Name;
        }

        using (loaded as IDisposable)
        {
            return Score(loaded, Models.Output(Models.All[model]), mutation, model);
        }
    }

    private string Score(ITransformer loaded, string column, ZipMutation mutation, int model)
    {
        try
        {
            IDataView scored = loaded.Transform(_data);
            // A changed column name is valid: the model then does what it says.
            return scored.Schema.GetColumnOrNull(column) is null || ChildProcess.LoadModel.Print(scored, column).Count() == 3 ? "loaded" : "rows lost";
        }
        catch (ArgumentException e)
        {
            Assert.IsInstanceOfType<ArgumentOutOfRangeException>(e, $"case {_case}, {mutation.Name}, {Models.All[model]}: {e}");
            return "loaded";
        }
    }

    private void RequireProgress(Task run)
    {
        int current = -1;
        long since = Stopwatch.GetTimestamp();
        while (!run.IsCompleted)
        {
            if (_case != current)
                (current, since) = (_case, Stopwatch.GetTimestamp());
            Assert.IsLessThan(s_caseLimit, Stopwatch.GetElapsedTime(since), $"case {current} hangs");
            Thread.Sleep(10);
        }

        run.GetAwaiter().GetResult();
    }

    /// <summary>The most address space that the process has had, native memory included whether touched or not; 0 where the system does not tell.</summary>
    private static long PeakAddressSpace()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakVirtualMemorySize64;
    }
}
