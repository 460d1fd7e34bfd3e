namespace MLNetExt.Training;

/// <summary>A group of parameters as a contiguous part of <see cref="FlatParameters"/>.</summary>
internal sealed record FlatGroup(ParameterGroup Treatment, long Start, long Length);
