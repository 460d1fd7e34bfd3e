namespace MLNetExt.Tests.Contract;

/// <summary>A way to make a row unusable for training.</summary>
/// <param name="What">What is wrong with it.</param>
/// <param name="Column">The column that the error must name.</param>
/// <param name="Break">Makes the row so.</param>
public sealed record BadRow<TRow>(string What, string Column, Action<TRow> Break);
