using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>From a batch to the embeddings of its pairs, and to the knowledge which of them match.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Match">The column whose equal values make rows match each other; null when only a row's own sides match.</param>
internal sealed record ContrastivePairs(TrainingSide Left, TrainingSide Right, BatchColumn? Match)
{
    /// <summary>The columns that training reads.</summary>
    public IReadOnlyList<BatchColumn> Columns
    {
        get
        {
            BatchColumn[] sides = [Left.Column, Right.Column];
            return Match is null || sides.Any(c => c.Name == Match.Name) ? sides : [.. sides, Match];
        }
    }

    /// <summary>Float32 <c>[rows, embedding size]</c> each, not normalised.</summary>
    public (Tensor Left, Tensor Right) Embed(ContrastiveNetwork network, TensorBatch batch, Generator generator)
    {
        Tensor left = Side(network.Left, Left), right = Side(network.Right, Right);
        return (left, right);

        // A user's network may hold torch's own dropout, which draws from the global generator.
        Tensor Side(Tower tower, TrainingSide side) => side.Shape.Kind == TowerKind.Custom && tower.training
            ? GlobalGenerator.Lend(generator, () => tower.Forward(batch, side.Column.Name))
            : tower.Forward(batch, side.Column.Name);
    }

    /// <summary>The batch cut into parts of at most that many rows; 0 for the batch as it is.</summary>
    public static IReadOnlyList<(int Start, int Count)> Parts(TensorBatch batch, int rows)
    {
        int size = rows > 0 ? rows : batch.RowCount;
        return [.. Enumerable.Range(0, (batch.RowCount + size - 1) / size).Select(i => (i * size, Math.Min(size, batch.RowCount - i * size)))];
    }

    /// <summary>The embeddings of consecutive rows; nothing else of the forward pass stays.</summary>
    public (Tensor Left, Tensor Right) EmbedPart(ContrastiveNetwork network, TensorBatch batch, (int Start, int Count) part, Generator generator)
    {
        using var scope = NewDisposeScope();
        (Tensor left, Tensor right) = Embed(network, batch.Slice(part.Start, part.Count), generator);
        return (left.MoveToOuterDisposeScope(), right.MoveToOuterDisposeScope());
    }

    /// <summary>Which pairs of the batch match; null for a row's own sides alone.</summary>
    public PairLabels? Labels(TensorBatch batch, Device device)
    {
        if (Match is null)
            return null;
        long[] identities = RowIdentity.Of(batch, Match.Name, Match.Kind);
        if (identities.Distinct().Count() == identities.Length)
            return null;
        Tensor ids = tensor(identities, device: device);
        return PairLabels.OfGroups(ids, ids);
    }
}
