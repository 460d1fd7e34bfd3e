using System.Numerics.Tensors;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>All that <c>evaluate</c> measures, from one pass over the rows.</summary>
/// <param name="Calibration">Accuracy, log-loss and how far the probabilities can be believed.</param>
/// <param name="Classes">One entry a class that the model knows.</param>
internal sealed record ClassificationReport(CalibrationMetrics Calibration, IReadOnlyList<ClassScore> Classes)
{
    /// <summary>The mean of the classes' recalls; classes without rows are left out.</summary>
    public double MacroAccuracy => Classes.Average(c => c.Recall) ?? 0;

    /// <summary>Measures a model.</summary>
    /// <param name="rows">The scored rows.</param>
    /// <param name="labelColumn">The text column with the true classes.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="UserErrorException">No row has a label.</exception>
    public static ClassificationReport Measure(ScoredRows rows, string labelColumn, CancellationToken cancellation)
    {
        int count = rows.Classes.Count;
        var indices = rows.Classes.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i).GetAlternateLookup<ReadOnlySpan<char>>();
        var (actual, predicted, correct) = (new long[count], new long[count], new long[count]);
        var calibration = new CalibrationAccumulator(count);
        long labelled = 0;
        rows.ForEach(
            [labelColumn],
            (texts, probabilities) =>
            {
                ReadOnlySpan<char> label = texts[0].Span;
                if (label.IsEmpty)
                {
                    calibration.AddMissingLabel();
                    return;
                }

                labelled++;
                int top = TensorPrimitives.IndexOfMax(probabilities);
                predicted[top]++;
                if (!indices.TryGetValue(label, out int index))
                {
                    calibration.AddUnknownClass(probabilities);
                    return;
                }

                calibration.Add(probabilities, index);
                actual[index]++;
                if (top == index)
                    correct[index]++;
            },
            cancellation);
        return labelled > 0
            ? new ClassificationReport(
                calibration.ToMetrics(), [.. rows.Classes.Select((name, i) => new ClassScore(name, actual[i], predicted[i], correct[i]))])
            : throw new UserErrorException("There is no row with a label to evaluate on.");
    }
}
