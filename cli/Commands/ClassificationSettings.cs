using System.CommandLine;
using MLNetExt.Classification;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that every classifier has: the loss, and how probabilities are calibrated. Their defaults are those of <see cref="SquentropyOptions"/>.</summary>
internal sealed class ClassificationSettings
{
    private static readonly SquentropyOptions s_defaults = new();

    /// <summary>The losses as typed.</summary>
    private static readonly Dictionary<string, ClassificationLoss> s_losses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["squentropy"] = ClassificationLoss.Squentropy,
        ["cross-entropy"] = ClassificationLoss.CrossEntropy,
        ["rescaled-square"] = ClassificationLoss.RescaledSquare,
    };

    /// <summary>What to do with the square term when there are few classes, as typed.</summary>
    private static readonly Dictionary<string, FewClassesPolicy> s_fewClasses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["reduce"] = FewClassesPolicy.ReduceSquareWeight,
        ["keep"] = FewClassesPolicy.KeepSquareWeight,
    };

    private readonly Option<ClassificationLoss> _loss = CheckedOption.Choice("--loss", "The loss to minimise.", s_defaults.Loss, s_losses);
    private readonly Option<double> _squareWeight = CheckedOption.Number("--square-weight", "The weight of the squentropy's square term.", s_defaults.SquareWeight, v => v >= 0 && double.IsFinite(v), "at least 0");
    private readonly Option<FewClassesPolicy> _fewClasses = CheckedOption.Choice("--few-classes", "With 2 or 3 classes: take a tenth of the square weight, or keep it.", s_defaults.FewClasses, s_fewClasses);
    private readonly Option<bool> _temperatureScaling = new("--temperature-scaling") { Description = "Calibrate the probabilities on the validation rows (a tenth when no fraction is given)." };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _loss, _squareWeight, _fewClasses, _temperatureScaling })
            command.Add(option);
    }

    public ClassificationLoss Loss(ParseResult parsed) => parsed.GetValue(_loss);

    public double SquareWeight(ParseResult parsed) => parsed.GetValue(_squareWeight);

    public FewClassesPolicy FewClasses(ParseResult parsed) => parsed.GetValue(_fewClasses);

    public bool TemperatureScaling(ParseResult parsed) => parsed.GetValue(_temperatureScaling);
}
