namespace MLNetExt.Benchmarks;

/// <summary>Bars that are measured together.</summary>
/// <param name="Name">A filter selects by it.</param>
/// <param name="Measure">Measures each bar; one that cannot be measured here writes a line saying why instead.</param>
internal sealed record BarGroup(string Name, Func<IEnumerable<BarResult>> Measure)
{
    /// <summary>Whether its bars hold on a shared machine too, and take less than a minute or so.</summary>
    public bool IsShort { get; init; }
}
