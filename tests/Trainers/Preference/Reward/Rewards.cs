using Microsoft.ML;
using MLNetExt.Contrastive;
using MLNetExt.Preference;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Preference;

/// <summary>Small fits for tests.</summary>
internal static class Rewards
{
    /// <summary>Options that fit <see cref="RewardRow"/>s in a moment.</summary>
    public static RewardModelOptions Options(Action<RewardModelOptions>? change = null)
    {
        var options = new RewardModelOptions { BatchSize = 16, Seed = 5, UnusableRows = UnusableRowPolicy.Fail };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.05);
        change?.Invoke(options);
        return options;
    }

    public static RewardModelTransformer Fit(MLContext ml, IDataView data, Action<RewardModelOptions>? change = null) =>
        ml.Preference.Trainers.RewardModel(Options(change)).Fit(data);

    public static IDataView Data(MLContext ml, int rows = 80, int seed = 3) => ml.Data.LoadFromEnumerable(RewardRow.Many(rows, seed));

    /// <summary>The values of one column of scores.</summary>
    public static float[] Column(ITransformer model, IDataView data, string column) => [.. Table.Read(model.Transform(data), column).Rows.Select(r => (float)r[0])];

    /// <summary>The share of pairs whose chosen side has the higher score.</summary>
    public static double Accuracy(ITransformer model, IDataView data) =>
        Column(model, data, "ChosenScore").Zip(Column(model, data, "RejectedScore")).Average(s => s.First > s.Second ? 1.0 : 0);
}
