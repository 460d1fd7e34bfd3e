using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

internal sealed class MaskedRow
{
    [VectorType]
    public int[] MaskedTokens { get; set; } = [];

    [VectorType]
    public int[] MaskLabels { get; set; } = [];

    [VectorType]
    public int[] Kept { get; set; } = [];

    [VectorType]
    public int[] Types { get; set; } = [];

    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];

    /// <summary>Rows of 1 to 7 tokens of which some are to be predicted: every third of none.</summary>
    public static MaskedRow[] Random(int rows, int vocabulary)
    {
        var random = new Random(rows);
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            int length = 1 + random.Next(7);
            int[] Draw(int below) => [.. Enumerable.Range(0, length).Select(_ => random.Next(below))];
            int[] labels = [.. Draw(vocabulary).Select((id, place) => i % 3 != 2 && (place == 0 || random.Next(2) == 0) ? id : -100)];
            return new MaskedRow { MaskedTokens = Draw(vocabulary), MaskLabels = labels, Kept = [.. Enumerable.Range(0, length).Where(place => place % 2 == 0)], Types = Draw(2) };
        })];
    }

    public static IDataView Load(MLContext ml, params IEnumerable<MaskedRow> rows) => ml.Data.LoadFromEnumerable(rows.ToArray());

    public MaskedSequence Sequence(bool kept = false, bool types = false) => new(MaskedTokens, MaskLabels, kept ? Kept : null, types ? Types : null);
}
