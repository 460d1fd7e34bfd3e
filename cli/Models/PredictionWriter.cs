using System.Numerics.Tensors;
using MLNetExt.Cli.Output;

namespace MLNetExt.Cli.Models;

/// <summary>Writes predictions as CSV, row by row: the data row from 0, the copied columns, the class, its probability, and on request all probabilities.</summary>
/// <param name="writer">Where to write.</param>
/// <param name="classes">The classes, in the order of the probabilities.</param>
/// <param name="allProbabilities">Whether to write the probability of every class.</param>
internal sealed class PredictionWriter(TextWriter writer, IReadOnlyList<string> classes, bool allProbabilities)
{
    private readonly CsvLines _lines = new(writer);

    /// <summary>The rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows among them that have no prediction, because their scores are not numbers.</summary>
    public long Unpredicted { get; private set; }

    public void WriteHeader(IEnumerable<string> copied)
    {
        foreach (string name in (IEnumerable<string>)["row", .. copied, "prediction", "probability", .. allProbabilities ? classes.Select(c => $"probability of {c}") : []])
            _lines.Append(name);
        _lines.EndLine();
    }

    public void WriteRow(ReadOnlySpan<ReadOnlyMemory<char>> copied, ReadOnlySpan<float> probabilities)
    {
        int top = TensorPrimitives.IndexOfMax(probabilities);
        bool isPredicted = !float.IsNaN(probabilities[top]);
        _lines.Append(Rows++);
        foreach (ReadOnlyMemory<char> value in copied)
            _lines.Append(value.Span);
        _lines.Append(isPredicted ? classes[top] : "");
        AppendProbability(probabilities[top]);
        if (allProbabilities)
        {
            foreach (float probability in probabilities)
                AppendProbability(probability);
        }

        Unpredicted += isPredicted ? 0 : 1;
        _lines.EndLine();

        void AppendProbability(float value)
        {
            if (isPredicted)
                _lines.Append(value);
            else
                _lines.Append("");
        }
    }
}
