using MLNetExt.Evaluation;

namespace Microsoft.ML;

/// <summary>MLNetExt's evaluators on <see cref="BinaryClassificationCatalog"/>.</summary>
public static class BinaryEvaluationCatalog
{
    extension(BinaryClassificationCatalog catalog)
    {
        /// <summary>Measures how far the probabilities of scored two-class data can be believed: ECE, MCE, Brier score, log-loss, reliability table.</summary>
        /// <remarks>
        /// The rows are evaluated as two classes, so the numbers equal those of the multiclass evaluator on the same model: confidence is
        /// max(p, 1 - p), and the Brier score is the sum over both classes, twice the one-sided (p - y)².
        /// </remarks>
        /// <param name="data">Scored data, such as the output of <c>model.Transform</c>.</param>
        /// <param name="labelColumnName">The true class: a Boolean column.</param>
        /// <param name="probabilityColumnName">The probability of true: a Single column in [0, 1].</param>
        /// <param name="bins">Number of equal-width confidence bins, at least 1.</param>
        /// <exception cref="ArgumentException">
        /// A column is missing or has the wrong type, or a value is not a probability; the message names the column, and the row (0-based).
        /// </exception>
        /// <exception cref="InvalidOperationException">The data has no rows.</exception>
        public CalibrationMetrics EvaluateCalibration(
            IDataView data, string labelColumnName = "Label", string probabilityColumnName = "Probability", int bins = Calibration.DefaultBins)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(data);
            return CalibrationOfDataView.Binary(data, labelColumnName, probabilityColumnName, bins);
        }
    }
}
