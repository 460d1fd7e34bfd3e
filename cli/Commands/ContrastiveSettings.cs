using System.CommandLine;
using MLNetExt.Contrastive;

namespace MLNetExt.Cli.Commands;

/// <summary>The options that become <see cref="SigmoidContrastiveOptions"/>; their defaults are its own.</summary>
internal sealed class ContrastiveSettings
{
    private static readonly SigmoidContrastiveOptions s_defaults = new();

    /// <summary>The losses as typed.</summary>
    private static readonly Dictionary<string, ContrastiveLoss> s_losses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sigmoid"] = ContrastiveLoss.Sigmoid,
        ["softmax"] = ContrastiveLoss.Softmax,
    };

    /// <summary>Which rows match, as typed.</summary>
    private static readonly Dictionary<string, PairMatching> s_matchings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["own-row"] = PairMatching.OwnRow,
        ["equal-right"] = PairMatching.EqualRight,
        ["equal-left"] = PairMatching.EqualLeft,
    };

    /// <summary>What to do with rows that have nothing on one side, as typed.</summary>
    private static readonly Dictionary<string, UnusableRowPolicy> s_unusableRows = new(StringComparer.OrdinalIgnoreCase)
    {
        ["fail"] = UnusableRowPolicy.Fail,
        ["skip"] = UnusableRowPolicy.Skip,
    };

    private readonly CommonSettings _common = new(
        s_defaults.Training, s_defaults.BatchSize, "Rows per training batch, each of which is contrasted with all others of its batch.", s_defaults.ValidationFraction);
    private readonly Option<int> _microBatchSize = CheckedOption.Integer("--micro-batch-size", "Rows that go through the towers at once, when memory does not hold a batch's; 0 for the whole batch. The result is the same.", s_defaults.MicroBatchSize, atLeast: 0);
    private readonly Option<int> _embeddingSize = CheckedOption.Integer("--embedding-size", "The length of the embeddings.", s_defaults.EmbeddingSize, atLeast: 1);
    private readonly Option<ContrastiveLoss> _loss = CheckedOption.Choice("--loss", "The loss to minimise.", s_defaults.Loss, s_losses);
    private readonly Option<double> _temperature = CheckedOption.Number("--temperature", "The temperature at the start; it is learned.", s_defaults.InitialTemperature, CheckedOption.IsPositive, "above 0");
    private readonly Option<double> _bias = CheckedOption.Number("--bias", "The bias of the sigmoid loss at the start; it is learned.", s_defaults.InitialBias, double.IsFinite, "that is finite");
    private readonly Option<PairMatching> _matching = CheckedOption.Choice("--matching", "Which rows match each other beside a row's own sides.", s_defaults.Matching, s_matchings);
    private readonly Option<UnusableRowPolicy> _unusableRows = CheckedOption.Choice("--unreadable-images", "What to do with rows whose image cannot be read, or that have nothing on one side.", s_defaults.UnusableRows, s_unusableRows);
    private readonly Option<bool> _augment = new("--augment") { Description = "Train on images that are mirrored half of the time and shifted by up to a sixteenth." };

    public void AddTo(Command command)
    {
        _common.AddTo(command);
        foreach (Option option in new Option[] { _microBatchSize, _embeddingSize, _loss, _temperature, _bias, _matching, _unusableRows, _augment })
            command.Add(option);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="imageSize">The height and width of images, in pixels.</param>
    public SigmoidContrastiveOptions Read(ParseResult parsed, int imageSize)
    {
        var options = new SigmoidContrastiveOptions
        {
            BatchSize = _common.BatchSize(parsed),
            MicroBatchSize = parsed.GetValue(_microBatchSize),
            EmbeddingSize = parsed.GetValue(_embeddingSize),
            Loss = parsed.GetValue(_loss),
            InitialTemperature = parsed.GetValue(_temperature),
            InitialBias = parsed.GetValue(_bias),
            Matching = parsed.GetValue(_matching),
            UnusableRows = parsed.GetValue(_unusableRows),
            ValidationFraction = _common.ValidationFraction(parsed),
            Seed = _common.Seed(parsed),
        };
        _common.Apply(parsed, options.Training);
        if (parsed.GetValue(_augment))
        {
            foreach (TowerOptions tower in new[] { options.Left, options.Right })
                (tower.FlipImages, tower.ShiftPixels) = (true, Math.Max(1, imageSize / 16));
        }

        return options;
    }
}
