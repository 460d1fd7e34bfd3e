using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML;
using MLNetExt.Classification;
using MLNetExt.Columns;
using MLNetExt.Torch;

namespace MLNetExt.Benchmarks;

/// <summary>2,000,000 x 100 generated rows, 800 MB as floats, through a memory budget of 64 MiB. Runs in child processes.</summary>
internal static class StreamedFit
{
    private const int Rows = 2_000_000;
    private const int IdleRows = 1_000;
    private const int BatchSize = 1024;
    private const long Budget = 64L << 20;
    private const long Unlimited = long.MaxValue;

    public static IEnumerable<BarResult> Measure()
    {
        double idle = ChildRun.PeakMebibytes("stream-idle"), peak = ChildRun.PeakMebibytes("stream");
        yield return BarResult.AtMost(
            "stream: peak MiB above idle, fit of 2,000,000 x 100", peak - idle, 256, FormattableString.Invariant($"{peak:0} MiB against {idle:0} MiB"));
        string streamed = ChildRun.Output("stream-batches"), cached = ChildRun.Output("cache-batches");
        yield return BarResult.AtLeast(
            "stream: same batches as cached (1 = yes)", streamed == cached ? 1 : 0, 1, $"{streamed[..12]} and {cached[..12]}");
    }

    /// <summary>The verbs of the child processes.</summary>
    public static string Run(string verb) => verb switch
    {
        "stream" => Fit(Rows),
        "stream-idle" => Fit(IdleRows),
        "stream-batches" => Digest(Budget),
        "cache-batches" => Digest(Unlimited),
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "Not a verb of the streamed fit."),
    };

    private static string Fit(int rows)
    {
        var context = new MLContext(0);
        var options = new SquentropyOptions { MemoryBudgetBytes = Budget, BatchSize = BatchSize, HiddenLayers = 1, Seed = 1 };
        options.Training.Epochs = 1;
        using var model = context.MulticlassClassification.Trainers.Squentropy(options).Fit(GeneratedRows.View(context, rows));
        return ChildRun.Peak();
    }

    /// <summary>A digest of every value of every batch of one shuffled epoch.</summary>
    private static string Digest(long budget)
    {
        LibTorch.EnsureLoaded();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = BatchSource.Open(
            GeneratedRows.View(new MLContext(0), Rows), [BatchColumn.Vector("Features"), BatchColumn.Key("Label")],
            new BatchSourceOptions { BatchSize = BatchSize, Seed = 1, MemoryBudgetBytes = budget });
        if (source.IsCached != (budget == Unlimited))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"A budget of {budget} bytes was taken for the wrong way of reading."));
        foreach (TensorBatch batch in source.Read(epoch: 1))
        {
            digest.AppendData(batch["Features"].bytes);
            digest.AppendData(batch["Label"].bytes);
        }

        return Convert.ToHexString(digest.GetHashAndReset());
    }
}
