using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Classification;

/// <summary>Checks what the options of all classifiers have, and says what follows from it.</summary>
internal static class ClassifierOptionsCheck
{
    private const double DefaultCalibrationFraction = 0.1;

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    public static void RequireClassifier(this IClassifierOptions options)
    {
        RequireName(options.LabelColumnName);
        Require(Enum.IsDefined(options.Loss), options.Loss, "one of the losses");
        Require(options.SquareWeight >= 0 && double.IsFinite(options.SquareWeight), options.SquareWeight, "at least 0");
        Require(Enum.IsDefined(options.FewClasses), options.FewClasses, "one of the policies");
        Require(options.LabelSmoothing is >= 0 and < 1, options.LabelSmoothing, "in [0, 1)");
        Require(IsPositive(options.TrueClassWeight), options.TrueClassWeight, "above 0");
        Require(IsPositive(options.TrueClassTarget), options.TrueClassTarget, "above 0");
        Require(
            options.ClassWeights is null || options.ClassWeights.Values.All(w => w >= 0 && double.IsFinite(w)),
            options.ClassWeights, "a list of finite weights of at least 0");
        Require(Enum.IsDefined(options.MissingLabels), options.MissingLabels, "one of the policies");
        Require(options.ValidationFraction is >= 0 and < 1, options.ValidationFraction, "in [0, 1)");
    }

    /// <param name="options">The names of the options, in words.</param>
    /// <param name="columns">The columns that they name; null for none.</param>
    /// <exception cref="ArgumentException">Two of them are the same.</exception>
    public static void RequireApart(string options, params IEnumerable<string?> columns)
    {
        string? twice = columns.Where(c => c is not null).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"The column '{twice}' is named twice: {options} must differ.");
    }

    /// <summary>The share of training rows that is set aside when there is no validation data.</summary>
    public static double ValidationShare(this IClassifierOptions options) =>
        options.ValidationFraction == 0 && options.TemperatureScaling ? DefaultCalibrationFraction : options.ValidationFraction;
}
