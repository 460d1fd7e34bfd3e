using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Classification;

/// <summary>Checks <see cref="SquentropyOptions"/> before anything is read or trained.</summary>
internal static class SquentropyOptionsCheck
{
    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    public static void Validate(this SquentropyOptions options)
    {
        options.RequireClassifier();
        RequireName(options.FeatureColumnName);
        ClassifierOptionsCheck.RequireApart("LabelColumnName, FeatureColumnName and ExampleWeightColumnName", options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName);
        Require(options.HiddenLayers >= 0, options.HiddenLayers, "at least 0");
        Require(options.HiddenUnits >= 1, options.HiddenUnits, "at least 1");
        Require(options.HiddenSizes is null || options.HiddenSizes.All(s => s >= 1), options.HiddenSizes, "a list of widths of at least 1");
        Require(Enum.IsDefined(options.Activation), options.Activation, "one of the activations");
        Require(options.Dropout is >= 0 and < 1, options.Dropout, "in [0, 1)");
        Require(options.BatchSize >= 1, options.BatchSize, "at least 1");
        Require(options.ScoringBlockSize is >= 1 and <= SquentropyOptions.MaxScoringBlockSize, options.ScoringBlockSize, $"in 1 to {SquentropyOptions.MaxScoringBlockSize}");
        Require(options.MemoryBudgetBytes >= 0, options.MemoryBudgetBytes, "at least 0");
        Require(options.Training is not null, options.Training, "set");
        options.Training!.Validate();
    }
}
