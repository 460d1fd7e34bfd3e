using static MLNetExt.Evaluation.TableCells;

namespace MLNetExt.Evaluation;

/// <summary>How well an encoder predicts masked tokens.</summary>
public sealed class MaskedMetrics
{
    internal MaskedMetrics()
    {
    }

    /// <summary>The mean negative log-likelihood of a masked token, in nats, when all layers read all tokens.</summary>
    public required double Loss { get; init; }

    /// <summary>e to the <see cref="Loss"/>, at least 1. Comparable only between models of one tokenizer over tokens masked alike.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>The same mean when the middle layers read the kept tokens alone; null when no column says which.</summary>
    public required double? DroppedLoss { get; init; }

    /// <summary>How far the pass that drops tokens is from the full one; null when no column says which are kept.</summary>
    public required RepresentationDrift? Drift { get; init; }

    /// <summary>The number of masked tokens.</summary>
    public required long TokenCount { get; init; }

    /// <summary>The number of rows with a masked token.</summary>
    public required int RowCount { get; init; }

    /// <summary>The number of rows without one, which count for nothing.</summary>
    public required int EmptyRows { get; init; }

    /// <summary>The numbers as a table.</summary>
    public override string ToString()
    {
        var table = new TextTable("Masked tokens", [""]);
        table.AddRow("Rows (without a masked token)", $"{Count(RowCount)} ({Count(EmptyRows)})");
        table.AddRow("Masked tokens", Count(TokenCount));
        table.AddRow("Mean NLL (nats a token)", Number(Loss, "0.0000"));
        table.AddRow("Perplexity", Number(Perplexity, "0.0000"));
        table.AddRow("Mean NLL with dropping", Number(DroppedLoss, "0.0000"));
        table.AddRow("Relative distance of vectors", Number(Drift?.RelativeDistance, "0.0000"));
        table.AddRow("Divergence of first vectors", Number(Drift?.Divergence, "0.000000"));
        return table.ToString();
    }
}
