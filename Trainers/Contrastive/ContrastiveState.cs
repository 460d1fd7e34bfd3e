namespace MLNetExt.Contrastive;

/// <summary>What a saved two-tower model holds beside its weights.</summary>
/// <param name="Left">The left tower.</param>
/// <param name="Right">The right tower.</param>
/// <param name="Loss">The loss that it was trained with.</param>
/// <param name="Temperature">t, above 0.</param>
/// <param name="Bias">b.</param>
internal sealed record ContrastiveState(TowerShape Left, TowerShape Right, ContrastiveLoss Loss, double Temperature, double Bias)
{
    public TowerShape Right { get; } = Right.EmbeddingSize == Left.EmbeddingSize && Right.OutputColumn != Left.OutputColumn
        ? Right
        : throw new ArgumentException("The two towers must give embeddings of one length in two columns.", nameof(Right));

    public double Temperature { get; } = Temperature > 0 && double.IsFinite(Temperature)
        ? Temperature
        : throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "The temperature must be above 0.");

    public double Bias { get; } = double.IsFinite(Bias)
        ? Bias
        : throw new ArgumentOutOfRangeException(nameof(Bias), Bias, "The bias must be finite.");
}
