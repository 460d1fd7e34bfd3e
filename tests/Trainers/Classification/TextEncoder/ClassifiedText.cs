using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Classification;

/// <summary>A text, or two, of a class.</summary>
public sealed class ClassifiedText : IClassRow
{
    public string Class { get; set; } = "";

    public string Sentence { get; set; } = "";

    public string Second { get; set; } = "";

    public float Weight { get; set; } = 1;

    /// <summary>Short texts, the classes of <see cref="Blobs"/> in turn: most letters of a text are of its class's own; the second texts say nothing.</summary>
    public static ClassifiedText[] Many(int rows, int seed = 3)
    {
        var random = new Random(seed);
        string Text(int length, Func<char> next) => string.Concat(Enumerable.Range(0, length).Select(_ => next()));
        return [.. Enumerable.Range(0, rows).Select(i => new ClassifiedText
        {
            Class = Blobs.Classes[i % 3],
            Sentence = Text(5 + random.Next(5), () => (char)('a' + (random.NextDouble() < 0.7 ? 3 * random.Next(6) + i % 3 : random.Next(18)))),
            Second = Text(2 + random.Next(3), () => (char)('s' + random.Next(6))),
        })];
    }
}
