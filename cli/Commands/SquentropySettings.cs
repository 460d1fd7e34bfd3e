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

    private readonly Option<int> _epochs = CheckedOption.Integer("--epochs", "How many times every row is seen.", s_defaults.Training.Epochs, atLeast: 1);
    private readonly Option<double> _learningRate = CheckedOption.Number("--learning-rate", "The peak learning rate.", s_defaults.Training.LearningRate, IsPositive, "above 0");
    private readonly Option<int> _batchSize = CheckedOption.Integer("--batch-size", "Rows per training batch.", s_defaults.BatchSize, atLeast: 1);
    private readonly Option<int> _hiddenLayers = CheckedOption.Integer("--hidden-layers", "Hidden layers; 0 for a linear model, which suits text.", s_defaults.HiddenLayers, atLeast: 0);
    private readonly Option<int> _hiddenUnits = CheckedOption.Integer("--hidden-units", "The width of each hidden layer.", s_defaults.HiddenUnits, atLeast: 1);
    private readonly Option<ClassificationLoss> _loss = CheckedOption.Choice("--loss", "The loss to minimise.", s_defaults.Loss, s_losses);
    private readonly Option<double> _squareWeight = CheckedOption.Number("--square-weight", "The weight of the squentropy's square term.", s_defaults.SquareWeight, v => v >= 0 && double.IsFinite(v), "at least 0");
    private readonly Option<FewClassesPolicy> _fewClasses = CheckedOption.Choice("--few-classes", "With 2 or 3 classes: take a tenth of the square weight, or keep it.", s_defaults.FewClasses, s_fewClasses);
    private readonly Option<double> _validationFraction = CheckedOption.Number("--validation-fraction", "The share of training rows that chooses the best epoch.", s_defaults.ValidationFraction, v => v is >= 0 and < 1, "in [0, 1)");
    private readonly Option<bool> _temperatureScaling = new("--temperature-scaling") { Description = "Calibrate the probabilities on the validation rows (a tenth when no fraction is given)." };
    private readonly Option<int> _seed = CheckedOption.Integer("--seed", "Decides initial weights, the order of rows and random parts.", 1, atLeast: 0);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
            { _epochs, _learningRate, _batchSize, _hiddenLayers, _hiddenUnits, _loss, _squareWeight, _fewClasses, _validationFraction, _temperatureScaling, _seed })
            command.Add(option);
    }

    public SquentropyOptions Read(ParseResult parsed)
    {
        var options = new SquentropyOptions
        {
            BatchSize = parsed.GetValue(_batchSize),
            HiddenLayers = parsed.GetValue(_hiddenLayers),
            HiddenUnits = parsed.GetValue(_hiddenUnits),
            Loss = parsed.GetValue(_loss),
            SquareWeight = parsed.GetValue(_squareWeight),
            FewClasses = parsed.GetValue(_fewClasses),
            ValidationFraction = parsed.GetValue(_validationFraction),
            TemperatureScaling = parsed.GetValue(_temperatureScaling),
            Seed = parsed.GetValue(_seed),
        };
        options.Training.Epochs = parsed.GetValue(_epochs);
        options.Training.LearningRate = parsed.GetValue(_learningRate);
        return options;
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
}
