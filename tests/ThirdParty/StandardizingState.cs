namespace Contoso.Components;

/// <summary>What a saved <see cref="StandardizingTransformer"/> holds beside its weights.</summary>
internal sealed record StandardizingState(string OutputColumn, string InputColumn);
