using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Contrastive;

/// <summary>Small fits for tests.</summary>
internal static class Pairs
{
    /// <summary>Options that fit <see cref="PairRow"/>s in a moment.</summary>
    public static SigmoidContrastiveOptions Options(Action<SigmoidContrastiveOptions>? change = null)
    {
        var options = new SigmoidContrastiveOptions { BatchSize = 16, Seed = 5, EmbeddingSize = 8, Left = { Width = 16 }, Right = { Width = 16 } };
        (options.Training.Epochs, options.Training.LearningRate) = (3, 0.01);
        change?.Invoke(options);
        return options;
    }

    public static ContrastiveTransformer Fit(MLContext ml, IDataView data, Action<SigmoidContrastiveOptions>? change = null) =>
        ml.Contrastive.Trainers.Sigmoid(Options(change)).Fit(data);

    public static IDataView Data(MLContext ml, int rows = 60) => ml.Data.LoadFromEnumerable(PairRow.Many(rows));

    /// <summary>The values of one column.</summary>
    public static Table Column(ITransformer transformer, IDataView data, string column) => Table.Read(transformer.Transform(data), column);
}
