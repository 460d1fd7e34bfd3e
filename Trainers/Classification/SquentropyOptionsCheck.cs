using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Classification;

/// <summary>Checks <see cref="SquentropyOptions"/> before anything is read or trained.</summary>
internal static class SquentropyOptionsCheck
{
    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    public static void Validate(this SquentropyOptions options)
    {
        RequireName(options.LabelColumnName);
        RequireName(options.FeatureColumnName);
        RequireApart(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName);
        Require(Enum.IsDefined(options.Loss), options.Loss, "one of the losses");
        Require(options.SquareWeight >= 0 && double.IsFinite(options.SquareWeight), options.SquareWeight, "at least 0");
        Require(options.LabelSmoothing is >= 0 and < 1, options.LabelSmoothing, "in [0, 1)");
        Require(options.TrueClassWeight > 0 && double.IsFinite(options.TrueClassWeight), options.TrueClassWeight, "above 0");
        Require(options.TrueClassTarget > 0 && double.IsFinite(options.TrueClassTarget), options.TrueClassTarget, "above 0");
        Require(options.HiddenLayers >= 0, options.HiddenLayers, "at least 0");
        Require(options.HiddenUnits >= 1, options.HiddenUnits, "at least 1");
        Require(options.HiddenSizes is null || options.HiddenSizes.All(s => s >= 1), options.HiddenSizes, "a list of widths of at least 1");
        Require(Enum.IsDefined(options.Activation), options.Activation, "one of the activations");
        Require(options.Dropout is >= 0 and < 1, options.Dropout, "in [0, 1)");
        Require(options.ValidationFraction is >= 0 and < 1, options.ValidationFraction, "in [0, 1)");
        Require(options.BatchSize >= 1, options.BatchSize, "at least 1");
        Require(options.ScoringBlockSize is >= 1 and <= SquentropyOptions.MaxScoringBlockSize, options.ScoringBlockSize, $"in 1 to {SquentropyOptions.MaxScoringBlockSize}");
        Require(options.MemoryBudgetBytes >= 0, options.MemoryBudgetBytes, "at least 0");
        Require(
            options.ClassWeights is null || options.ClassWeights.Values.All(w => w >= 0 && double.IsFinite(w)),
            options.ClassWeights, "a list of finite weights of at least 0");
        Require(options.Training is not null, options.Training, "set");
        options.Training!.Validate();
    }

    private static void RequireApart(params string?[] columns)
    {
        string? twice = columns.Where(c => c is not null).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"The column '{twice}' is named twice: LabelColumnName, FeatureColumnName and ExampleWeightColumnName must differ.");
    }
}
