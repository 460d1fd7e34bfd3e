using System.CommandLine;
using MLNetExt.Classification;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="TextEncoderClassifierOptions"/>; their defaults are its own.</summary>
internal sealed class TextClassifierSettings
{
    private static readonly TextEncoderClassifierOptions s_defaults = new();

    private readonly CommonSettings _common = new(s_defaults.Training, s_defaults.BatchSize, "Rows per training batch.", s_defaults.ValidationFraction);
    private readonly EncoderShapeOptions _shape = new("--pretrained");
    private readonly Option<double> _headDropout = CheckedOption.Number("--head-dropout", "The share of a text's vector that is dropped before the classes in training.", s_defaults.HeadDropout, v => v is >= 0 and < 1, "in [0, 1)");
    private readonly Option<bool> _frozen = new("--frozen") { Description = "Leave the encoder of --pretrained as it is, and learn the classes alone." };
    private readonly Option<double> _encoderRate = CheckedOption.Number("--encoder-rate-factor", "What multiplies the learning rate of the encoder.", s_defaults.EncoderLearningRateFactor, CheckedOption.IsPositive, "above 0");
    private readonly Option<bool> _balance = new("--balance-classes") { Description = "Let all classes weigh the same, however many rows they have." };
    private readonly ClassificationSettings _classification = new();

    /// <inheritdoc cref="EncoderShapeOptions.OfNetwork"/>
    public IReadOnlyList<Option> OfNetwork => _shape.OfNetwork;

    /// <summary>The options that need an encoder to go on from.</summary>
    public IReadOnlyList<Option> OfPretrained => [_frozen, _encoderRate];

    public void AddTo(Command command)
    {
        foreach (Option option in _shape.All.Concat([_headDropout, _frozen, _encoderRate, _balance]))
            command.Add(option);
        _classification.AddTo(command);
        _common.AddTo(command);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="contextLength">The most tokens that a new network reads.</param>
    /// <param name="goesOn">Whether there is no new network, but an encoder to go on from.</param>
    /// <exception cref="UserErrorException">Two options do not go together.</exception>
    public TextEncoderClassifierOptions Read(ParseResult parsed, int contextLength, bool goesOn)
    {
        var options = new TextEncoderClassifierOptions
        {
            Network = _shape.Read(parsed, contextLength),
            Dropout = goesOn ? _shape.DropoutOfModel(parsed) : null,
            HeadDropout = parsed.GetValue(_headDropout),
            IsFrozen = parsed.GetValue(_frozen),
            EncoderLearningRateFactor = parsed.GetValue(_encoderRate),
            BalanceClasses = parsed.GetValue(_balance),
            Loss = _classification.Loss(parsed),
            SquareWeight = _classification.SquareWeight(parsed),
            FewClasses = _classification.FewClasses(parsed),
            TemperatureScaling = _classification.TemperatureScaling(parsed),
            BatchSize = _common.BatchSize(parsed),
            ValidationFraction = _common.ValidationFraction(parsed),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        Option[] ofTrained = [_encoderRate, _shape.Dropout];
        return options.IsFrozen && ofTrained.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } idle
            ? throw new UserErrorException($"{idle.Name}: with {_frozen.Name} the encoder stays as it is; leave it out.")
            : options;
    }
}
