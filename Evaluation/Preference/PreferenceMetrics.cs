namespace MLNetExt.Evaluation;

/// <summary>Whether a model finds the completions that are preferred likelier than the others.</summary>
public sealed class PreferenceMetrics
{
    private readonly int _resamples;
    private readonly int _seed;

    internal PreferenceMetrics(IReadOnlyList<PreferencePair> pairs, double beta, double confidence, int resamples, int seed)
    {
        Pairs = pairs;
        Confidence = confidence;
        (_resamples, _seed) = (resamples, seed);
        Margins = MarginMetrics.Of(pairs.Select(pair => pair.Margin), confidence, resamples, seed);
        MarginsPerToken = MarginMetrics.Of(pairs.Select(pair => pair.MarginPerToken), confidence, resamples, seed);
        Chosen = new CompletionMetrics([.. pairs.Select(pair => pair.Chosen)]);
        Rejected = new CompletionMetrics([.. pairs.Select(pair => pair.Rejected)]);
        if (pairs.All(pair => pair.MarginOverReference is not null))
            Rewards = new ImplicitRewardMetrics(pairs, beta, confidence, resamples, seed);
    }

    /// <summary>The preference accuracy: the share of pairs whose chosen completion has the higher log-probability, in [0, 1]. Ties count as wrong.</summary>
    public double Accuracy => Margins.Accuracy;

    /// <summary>Margins of summed log-probabilities, in nats.</summary>
    public MarginMetrics Margins { get; }

    /// <summary>Margins of the mean log-probability of a token, in nats: completions of unlike length are compared without regard to it.</summary>
    public MarginMetrics MarginsPerToken { get; }

    /// <summary>The completions that are preferred.</summary>
    public CompletionMetrics Chosen { get; }

    /// <summary>The others.</summary>
    public CompletionMetrics Rejected { get; }

    /// <summary>The rewards that the model implies; null without a reference.</summary>
    public ImplicitRewardMetrics? Rewards { get; }

    /// <summary>How far the model is from the reference, measured on what the model generates; null when it was not measured.</summary>
    public DivergenceEstimate? Divergence { get; internal init; }

    /// <summary>Each pair that was scored, in the data's order.</summary>
    public IReadOnlyList<PreferencePair> Pairs { get; }

    /// <summary>The confidence of the intervals.</summary>
    public double Confidence { get; }

    /// <summary>The token with which each completion ended; null when none was added.</summary>
    public int? EndTokenId { get; internal init; }

    /// <summary>The number of rows left out because a completion is empty.</summary>
    public int EmptyRows { get; internal init; }

    /// <summary>The number of rows left out because both completions are equal.</summary>
    public int EqualRows { get; internal init; }

    /// <summary>The number of rows left out because nothing tells their completions apart once they are cut to the context.</summary>
    public int CutAwayRows { get; internal init; }

    /// <summary>The number of scored pairs whose prompt lost its beginning.</summary>
    public int PromptsCut { get; internal init; }

    /// <summary>The number of scored pairs of which a completion lost its end.</summary>
    public int CompletionsCut { get; internal init; }

    /// <summary>Counts what a model said of pairs.</summary>
    /// <param name="pairs">The pairs, at least one. With reference log-probabilities in all of them there are <see cref="Rewards"/>.</param>
    /// <param name="beta">The β of the rewards, above 0.</param>
    /// <param name="confidence">The confidence of intervals, in (0, 1).</param>
    /// <param name="resamples">The samples that they are made of, at least 1.</param>
    /// <param name="seed">Decides what is drawn for them.</param>
    /// <exception cref="ArgumentException">There are no pairs, a value is not finite, or a parameter is outside its range.</exception>
    public static PreferenceMetrics Of(
        IReadOnlyList<PreferencePair> pairs,
        double beta = PreferenceEvaluationOptions.DefaultBeta,
        double confidence = Bootstrap.DefaultConfidence,
        int resamples = Bootstrap.DefaultResamples,
        int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        PreferenceEvaluationOptions.RequireBeta(beta);
        if (pairs.FirstOrDefault(pair => !double.IsFinite(pair.Margin + pair.MarginPerToken + (pair.MarginOverReference ?? 0))) is { } bad)
            throw new ArgumentException($"The pair of row {bad.Row} has a log-probability that is not finite, or no token.", nameof(pairs));
        return new PreferenceMetrics(pairs, beta, confidence, resamples, seed);
    }

    /// <summary>By how much this model's accuracy is above another's, over the pairs that both have, with an interval of the same confidence and number of samples
    /// as the others here. Pairs are joined by their row, so that both must be evaluations of the same data.</summary>
    /// <param name="before">The other model: the one before training, for example.</param>
    /// <exception cref="ArgumentException">No row is in both, or one has a row twice.</exception>
    public PreferenceGain GainOver(PreferenceMetrics before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return GainIfJoined(before) ?? throw new ArgumentException(
            "The pairs of the two evaluations cannot be joined, because no Row is in both or one has a Row twice: evaluate both models on the same data, or give each pair its own Row.",
            nameof(before));
    }

    /// <returns>Null when the pairs cannot be joined.</returns>
    internal PreferenceGain? GainIfJoined(PreferenceMetrics before) => PreferenceGain.Of(before.Pairs, Pairs, Confidence, _resamples, _seed);

    /// <summary>The numbers as a table.</summary>
    public override string ToString() => PreferenceTable.Of([("", this)]).ToString();
}
