using MLNetExt.Evaluation;

namespace Microsoft.ML;

/// <summary>MLNetExt's evaluators on <see cref="MulticlassClassificationCatalog"/>.</summary>
public static class MulticlassEvaluationCatalog
{
    extension(MulticlassClassificationCatalog catalog)
    {
        /// <summary>Measures how far the class probabilities of scored data can be believed: ECE, MCE, Brier score, log-loss, reliability table.</summary>
        /// <remarks>
        /// Reads the data once, in constant memory. Label values are matched to score slots by value when the columns name them
        /// (KeyValues of the label; TrainingLabelValues or SlotNames of the score), by position otherwise.
        /// Rows with a missing label are left out and counted.
        /// </remarks>
        /// <param name="data">Scored data, such as the output of <c>model.Transform</c>.</param>
        /// <param name="labelColumnName">The true class: a key column.</param>
        /// <param name="scoreColumnName">The class probabilities: a vector of Single of known size whose values sum to 1.</param>
        /// <param name="bins">Number of equal-width confidence bins, at least 1.</param>
        /// <exception cref="ArgumentException">
        /// A column is missing or has the wrong type, the label's classes cannot be matched to the score's slots, or a row's scores
        /// are not probabilities; the message names the column, and the row (0-based).
        /// </exception>
        /// <exception cref="InvalidOperationException">No row has a label.</exception>
        public CalibrationMetrics EvaluateCalibration(
            IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score", int bins = Calibration.DefaultBins)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(data);
            return CalibrationOfDataView.Multiclass(data, labelColumnName, scoreColumnName, bins);
        }
    }
}
