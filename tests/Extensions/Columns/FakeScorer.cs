using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using static MLNetExt.Tests.Columns.BatchText;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Columns;

/// <summary>Sums, so that every expected value can be worked out from the row alone. It delivers every kind of output, and its
/// output "Text" hides the input of that name.</summary>
internal sealed class FakeScorer(DataViewSchema schema, FakeScorer? counter = null) : BlockScorer(
    schema,
    [BatchColumn.Vector("Features"), BatchColumn.Vector("Words", VectorLayout.Sparse), BatchColumn.Text("Text")],
    [
        new("Sum", NumberDataViewType.Single),
        new("Score", new VectorDataViewType(NumberDataViewType.Single, 2), SlotNames()),
        new("PredictedLabel", new KeyDataViewType(typeof(uint), 3)),
        new("Text", TextDataViewType.Instance),
        new("Flag", BooleanDataViewType.Instance),
        new("Tail", new VectorDataViewType(NumberDataViewType.Single)),
    ])
{
    /// <summary>The rows of each block scored, by this scorer and those that count in it.</summary>
    public List<int> BlockSizes { get; } = counter?.BlockSizes ?? [];

    public List<long?> FirstRows { get; } = counter?.FirstRows ?? [];

    public List<bool[]> Active { get; } = counter?.Active ?? [];

    public static float Sum(Example row) => row.Features.Sum() + Words(row);

    public static float[] Score(Example row) => [Sum(row), Words(row)];

    public static uint PredictedLabel(Example row) => (uint)((int)Words(row) % 4);

    public static string Text(Example row) => row.Text.ToUpperInvariant();

    public static float[] Tail(Example row) => [.. Enumerable.Repeat(Sum(row), row.Text.Length)];

    protected override ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        BlockSizes.Add(batch.RowCount);
        FirstRows.Add(batch.FirstRow);
        Active.Add(active.ToArray());
        SparseRows words = batch.Sparse("Words");
        using var bag = nn.EmbeddingBag_from_pretrained(ones(words.Width, 1), mode: TorchSharp.EmbeddingBagMode.Sum);
        Tensor wordSums = bag.call(words.Indices, words.Offsets, words.Values).squeeze(1);
        float[] sums = Floats(batch["Features"].sum(1) + wordSums), wordSum = Floats(wordSums);
        string[] texts = [.. batch.Text("Text")];
        return
        [
            ScoredColumn.Scalars(sums),
            ScoredColumn.Vectors(Floats(stack([tensor(sums), wordSums], 1)), width: 2),
            ScoredColumn.Keys([.. wordSum.Select(sum => (uint)((int)sum % 4))]),
            ScoredColumn.Texts([.. texts.Select(text => text.ToUpperInvariant().AsMemory())]),
            ScoredColumn.Booleans([.. sums.Select(sum => sum > 100)]),
            active[5] ? ScoredColumn.Vectors(sums.Select((sum, i) => Enumerable.Repeat(sum, texts[i].Length).ToArray()).ToArray()) : null,
        ];
    }

    private static float Words(Example row) => row.Words.GetValues().ToArray().Sum();

    private static DataViewSchema.Annotations SlotNames()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> names = (ref VBuffer<ReadOnlyMemory<char>> value) =>
            value = new(2, ["sum".AsMemory(), "words".AsMemory()]);
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), names);
        return builder.ToAnnotations();
    }
}
