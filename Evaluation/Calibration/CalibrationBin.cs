namespace MLNetExt.Evaluation;

/// <summary>One row of the reliability table: the predictions whose confidence lies in (<see cref="Lower"/>, <see cref="Upper"/>].</summary>
/// <param name="Lower">Lower edge of the confidences, excluded (the first bin includes 0).</param>
/// <param name="Upper">Upper edge of the confidences, included.</param>
/// <param name="Count">Number of rows in the bin.</param>
/// <param name="MeanConfidence">Mean confidence of the bin's rows, in [0, 1]; null for an empty bin.</param>
/// <param name="Accuracy">Fraction of the bin's rows that are predicted right, in [0, 1]; null for an empty bin.</param>
public sealed record CalibrationBin(double Lower, double Upper, long Count, double? MeanConfidence, double? Accuracy)
{
    /// <summary>Mean confidence minus accuracy: positive where the model is over-confident; null for an empty bin.</summary>
    public double? Gap => MeanConfidence - Accuracy;
}
