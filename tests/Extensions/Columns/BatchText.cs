using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Columns;

/// <summary>Batches written out, so that two readings can be compared to the last bit.</summary>
internal static class BatchText
{
    public static string[] Read(IBatchSource source, int epoch, int skip = 0) => [.. source.Read(epoch, skip).Select(Write)];

    public static long[] Numbers(IBatchSource source, int epoch, int skip = 0) =>
        [.. source.Read(epoch, skip).SelectMany(batch => Floats(batch["Number"]).Select(number => (long)number))];

    public static float[] Floats(Tensor tensor) => tensor.data<float>().ToArray();

    public static long[] Longs(Tensor tensor) => tensor.data<long>().ToArray();

    private static string Write(TensorBatch batch) => string.Join('\n',
        batch.RowCount,
        Write(batch["Number"]),
        Write(batch["Features"]),
        Write(batch["Label"]),
        Write(batch["Weight"]),
        Write(batch.Sparse("Words").Offsets),
        Write(batch.Sparse("Words").Indices),
        Write(batch.Sparse("Words").Values),
        string.Join(',', batch.Text("Text")));

    private static string Write(Tensor tensor) =>
        $"[{string.Join('x', tensor.shape)}] " + (tensor.dtype == ScalarType.Int64 ? string.Join(' ', Longs(tensor)) : string.Join(' ', Floats(tensor)));
}
