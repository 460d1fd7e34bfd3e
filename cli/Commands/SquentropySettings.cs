using System.CommandLine;
using MLNetExt.Classification;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="SquentropyOptions"/>; their defaults are its own.</summary>
internal sealed class SquentropySettings
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

    private readonly CommonSettings _common = new(s_defaults.Training, s_defaults.BatchSize, "Rows per training batch.", s_defaults.ValidationFraction);
    private readonly Option<int> _hiddenLayers = CheckedOption.Integer("--hidden-layers", "Hidden layers; 0 for a linear model, which suits text.", s_defaults.HiddenLayers, atLeast: 0);
    private readonly Option<int> _hiddenUnits = CheckedOption.Integer("--hidden-units", "The width of each hidden layer.", s_defaults.HiddenUnits, atLeast: 1);
    private readonly Option<ClassificationLoss> _loss = CheckedOption.Choice("--loss", "The loss to minimise.", s_defaults.Loss, s_losses);
    private readonly Option<double> _squareWeight = CheckedOption.Number("--square-weight", "The weight of the squentropy's square term.", s_defaults.SquareWeight, v => v >= 0 && double.IsFinite(v), "at least 0");
    private readonly Option<FewClassesPolicy> _fewClasses = CheckedOption.Choice("--few-classes", "With 2 or 3 classes: take a tenth of the square weight, or keep it.", s_defaults.FewClasses, s_fewClasses);
    private readonly Option<bool> _temperatureScaling = new("--temperature-scaling") { Description = "Calibrate the probabilities on the validation rows (a tenth when no fraction is given)." };

    public void AddTo(Command command)
    {
        _common.AddTo(command);
        foreach (Option option in new Option[] { _hiddenLayers, _hiddenUnits, _loss, _squareWeight, _fewClasses, _temperatureScaling })
            command.Add(option);
    }

    public SquentropyOptions Read(ParseResult parsed)
    {
        var options = new SquentropyOptions
        {
            BatchSize = _common.BatchSize(parsed),
            HiddenLayers = parsed.GetValue(_hiddenLayers),
            HiddenUnits = parsed.GetValue(_hiddenUnits),
            Loss = parsed.GetValue(_loss),
            SquareWeight = parsed.GetValue(_squareWeight),
            FewClasses = parsed.GetValue(_fewClasses),
            ValidationFraction = _common.ValidationFraction(parsed),
            TemperatureScaling = parsed.GetValue(_temperatureScaling),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        return options;
    }
}
