using System.CommandLine;
using MLNetExt.Training;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that every trainer has.</summary>
/// <param name="training">The trainer's own defaults.</param>
/// <param name="batchSize">The trainer's own default.</param>
/// <param name="batchDescription">What a batch is.</param>
/// <param name="validationFraction">The trainer's own default.</param>
internal sealed class CommonSettings(TrainingOptions training, int batchSize, string batchDescription, double validationFraction)
{
    private readonly Option<int> _epochs = CheckedOption.Integer("--epochs", "How many times every row is seen.", training.Epochs, atLeast: 1);
    private readonly Option<double> _learningRate = CheckedOption.Number("--learning-rate", "The peak learning rate.", training.LearningRate, CheckedOption.IsPositive, "above 0");
    private readonly Option<int> _batchSize = CheckedOption.Integer("--batch-size", batchDescription, batchSize, atLeast: 1);
    private readonly Option<double> _validationFraction = CheckedOption.Number("--validation-fraction", "The share of training rows that chooses the best epoch.", validationFraction, v => v is >= 0 and < 1, "in [0, 1)");
    private readonly Option<int> _seed = CheckedOption.Integer("--seed", "Decides initial weights, the order of rows and random parts.", 1, atLeast: 0);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _epochs, _learningRate, _batchSize, _validationFraction, _seed })
            command.Add(option);
    }

    public int BatchSize(ParseResult parsed) => parsed.GetValue(_batchSize);

    public double ValidationFraction(ParseResult parsed) => parsed.GetValue(_validationFraction);

    public int Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public void Apply(ParseResult parsed, TrainingOptions options) =>
        (options.Epochs, options.LearningRate) = (parsed.GetValue(_epochs), parsed.GetValue(_learningRate));
}
