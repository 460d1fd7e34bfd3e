namespace MLNetExt.Cli.Data;

/// <summary>A column that the model reads.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Role">What it becomes.</param>
/// <param name="HasMissing">Whether cells are missing in the training file; a model then also learns from their being so.</param>
internal sealed record FeatureColumn(string Name, ColumnRole Role, bool HasMissing);
