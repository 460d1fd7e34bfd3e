namespace Contoso.Components;

/// <summary>What a saved <see cref="StandardizingTransformer"/> holds beside its weights.</summary>
/// <exception cref="ArgumentException">A name is empty: in a model that is loaded, a sign of damage.</exception>
internal sealed record StandardizingState(string OutputColumn, string InputColumn)
{
    public string OutputColumn { get; } = OutputColumn.Length > 0 ? OutputColumn : throw new ArgumentException("The output column has no name.");

    public string InputColumn { get; } = InputColumn.Length > 0 ? InputColumn : throw new ArgumentException("The input column has no name.");
}
