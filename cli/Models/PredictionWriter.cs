using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;

namespace MLNetExt.Cli.Models;

/// <summary>Writes predictions as CSV, row by row: the data row from 0, the copied columns, the class, its probability, and on request all probabilities.</summary>
/// <param name="writer">Where to write.</param>
/// <param name="classes">The classes, in the order of the probabilities.</param>
/// <param name="allProbabilities">Whether to write the probability of every class.</param>
internal sealed class PredictionWriter(TextWriter writer, IReadOnlyList<string> classes, bool allProbabilities)
{
    private static readonly SearchValues<char> s_quotedCharacters = SearchValues.Create(",\"\r\n");
    private readonly StringBuilder _line = new();

    /// <summary>The rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>The rows among them that have no prediction, because their scores are not numbers.</summary>
    public long Unpredicted { get; private set; }

    public void WriteHeader(IEnumerable<string> copied)
    {
        Append("row");
        foreach (string name in copied)
            Append(name);
        Append("prediction");
        Append("probability");
        if (allProbabilities)
        {
            foreach (string name in classes)
                Append($"probability of {name}");
        }

        EndLine();
    }

    public void WriteRow(ReadOnlySpan<ReadOnlyMemory<char>> copied, ReadOnlySpan<float> probabilities)
    {
        int top = TensorPrimitives.IndexOfMax(probabilities);
        bool isPredicted = !float.IsNaN(probabilities[top]);
        Append(Rows++.ToString(CultureInfo.InvariantCulture));
        foreach (ReadOnlyMemory<char> value in copied)
            Append(value.Span);
        Append(isPredicted ? classes[top] : "");
        Append(isPredicted ? Number(probabilities[top]) : "");
        if (allProbabilities)
        {
            foreach (float probability in probabilities)
                Append(isPredicted ? Number(probability) : "");
        }

        Unpredicted += isPredicted ? 0 : 1;
        EndLine();
    }

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private void Append(ReadOnlySpan<char> field)
    {
        if (field.ContainsAny(s_quotedCharacters) || field.StartsWith(' ') || field.EndsWith(' '))
            _line.Append('"').Append(field).Replace("\"", "\"\"", _line.Length - field.Length, field.Length).Append('"');
        else
            _line.Append(field);
        _line.Append(',');
    }

    private void EndLine()
    {
        _line.Length--;
        writer.WriteLine(_line);
        _line.Clear();
    }
}
