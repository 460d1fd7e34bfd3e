using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Training through IDataView, the first pass over the data included, against the same loop over tensors.</summary>
internal static class LoopRatios
{
    private const int BatchSize = 128;
    private const int Classes = 26;
    private const int FeatureCount = 16;
    private const int Epochs = 3;

    public static RatioBar Bar()
    {
        IDataView letters = Table.Read(new MLContext(0), "letter.csv").Train;
        var tensors = new Lazy<TensorBatches>(() => Tensors(letters));
        return new("letter: 3 epochs through IDataView / tensors", () => TrainOnView(letters), () => Train(tensors.Value), 1.10);
    }

    private static void TrainOnView(IDataView letters)
    {
        using BatchSource source = Open(letters, new BatchSourceOptions { BatchSize = BatchSize });
        Train(source);
    }

    private static BatchSource Open(IDataView letters, BatchSourceOptions options) =>
        BatchSource.Open(letters, [BatchColumn.Vector("Features"), BatchColumn.Key("Label")], options);

    private static TensorBatches Tensors(IDataView letters)
    {
        using BatchSource source = Open(letters, new BatchSourceOptions { BatchSize = int.MaxValue, Shuffle = false });
        TensorBatch all = source.Read(epoch: 0).Single();
        return new TensorBatches(all["Features"].clone().DetachFromDisposeScope(), all["Label"].clone().DetachFromDisposeScope(), BatchSize);
    }

    private static void Train(IBatchSource source)
    {
        using var network = nn.Sequential(
            nn.Linear(FeatureCount, 256), nn.GELU(), nn.Linear(256, 256), nn.GELU(), nn.Linear(256, 256), nn.GELU(), nn.Linear(256, Classes));
        new TrainingLoop(network, new PlainStep(network), new TrainingOptions { Epochs = Epochs }).Run(source);
    }
}
