using MLNetExt.Columns;

namespace MLNetExt.Contrastive;

/// <summary>What a saved zero-shot classifier holds beside its weights.</summary>
/// <param name="Tower">The tower that embeds what is classified.</param>
/// <param name="Labels">The classes.</param>
/// <param name="Temperature">What multiplies cosines before the softmax.</param>
/// <param name="LabelColumn">The column whose key values must be the classes where it exists.</param>
internal sealed record ZeroShotState(TowerShape Tower, KeyValues Labels, double Temperature, string LabelColumn)
{
    public KeyValues Labels { get; } = Labels.Texts.Count >= 2 && Labels.ItemType == nameof(String) && Labels.Texts.Distinct().Count() == Labels.Texts.Count
        ? Labels
        : throw new ArgumentException("A classifier needs at least 2 labels, each of them a text of its own.", nameof(Labels));

    public double Temperature { get; } = Temperature > 0 && double.IsFinite(Temperature)
        ? Temperature
        : throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "The temperature must be above 0.");
}
