namespace MLNetExt.Evaluation;

/// <summary>How likely a model finds one document.</summary>
/// <param name="Row">The document's row, counted from 0.</param>
/// <param name="TokenCount">The tokens that were predicted.</param>
/// <param name="NegativeLogLikelihood">The sum over them, in nats.</param>
/// <param name="Text">The document's text; null when none was read.</param>
internal sealed record DocumentLikelihood(long Row, int TokenCount, double NegativeLogLikelihood, string? Text)
{
    /// <summary>The mean over the tokens, in nats.</summary>
    public double MeanNegativeLogLikelihood => NegativeLogLikelihood / TokenCount;
}
