using System.CommandLine;
using MLNetExt.Classification;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="SquentropyOptions"/>; their defaults are its own.</summary>
internal sealed class SquentropySettings
{
    private static readonly SquentropyOptions s_defaults = new();

    private readonly CommonSettings _common = new(s_defaults.Training, s_defaults.BatchSize, "Rows per training batch.", s_defaults.ValidationFraction);
    private readonly Option<int> _hiddenLayers = CheckedOption.Integer("--hidden-layers", "Hidden layers; 0 for a linear model, which suits text.", s_defaults.HiddenLayers, atLeast: 0);
    private readonly Option<int> _hiddenUnits = CheckedOption.Integer("--hidden-units", "The width of each hidden layer.", s_defaults.HiddenUnits, atLeast: 1);
    private readonly ClassificationSettings _classification = new();

    public void AddTo(Command command)
    {
        _common.AddTo(command);
        foreach (Option option in new Option[] { _hiddenLayers, _hiddenUnits })
            command.Add(option);
        _classification.AddTo(command);
    }

    public SquentropyOptions Read(ParseResult parsed)
    {
        var options = new SquentropyOptions
        {
            BatchSize = _common.BatchSize(parsed),
            HiddenLayers = parsed.GetValue(_hiddenLayers),
            HiddenUnits = parsed.GetValue(_hiddenUnits),
            Loss = _classification.Loss(parsed),
            SquareWeight = _classification.SquareWeight(parsed),
            FewClasses = _classification.FewClasses(parsed),
            ValidationFraction = _common.ValidationFraction(parsed),
            TemperatureScaling = _classification.TemperatureScaling(parsed),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        return options;
    }
}
