using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>Hidden states, a head and completions of different lengths, each with a prompt before it and padding behind. The states of
/// prompts and padding are NaN: they must reach nothing.</summary>
internal sealed record PreferenceInput(Tensor Hidden, Tensor Head, CompletionBatch Batch)
{
    public static PreferenceInput Random(int pairs, int vocabulary, ScalarType dtype = ScalarType.Float64, int seed = 1, int dimensions = 4)
    {
        const int positions = 8;
        int count = 2 * pairs;
        var generator = new Generator((ulong)seed);
        var starts = randint(0, 3, [count, 1], dtype: ScalarType.Int64, generator: generator);
        var ends = starts + randint(1, 6, [count, 1], dtype: ScalarType.Int64, generator: generator);
        var places = arange(positions).unsqueeze(0);
        var isToken = places.ge(starts).logical_and(places.lt(ends));
        var targets = randint(0, vocabulary, [count, positions], dtype: ScalarType.Int64, generator: generator).masked_fill(isToken.logical_not(), -100);
        var hidden = randn([count, positions, dimensions], dtype: dtype, generator: generator).masked_fill(isToken.logical_not().unsqueeze(2), double.NaN);
        var head = randn([vocabulary, dimensions], dtype: dtype, generator: generator);
        var reference = -8 + 4 * randn([count], dtype: ScalarType.Float64, generator: generator);
        return new(hidden, head, CompletionBatch.Pairs(targets) with { Reference = reference });
    }

    public PreferenceInput InDouble() => this with { Hidden = Hidden.to(ScalarType.Float64), Head = Head.to(ScalarType.Float64) };

    /// <summary>The same completions, each with a label, and the labels mixed.</summary>
    public PreferenceInput Unpaired()
    {
        var isDesired = arange(Batch.Targets.shape[0]).remainder(3).ne(1);
        return this with { Batch = new CompletionBatch(Batch.Targets, isDesired) { Reference = Batch.Reference, Divergence = Batch.Divergence } };
    }

    /// <summary>Draws for the tokens of undesired completions.</summary>
    public double[] Draws(int seed = 5)
    {
        var isUndesired = Batch.Targets.ne(-100).logical_and(Batch.IsDesired.logical_not().unsqueeze(1));
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)isUndesired.sum().ToInt64()).Select(_ => random.NextDouble())];
    }
}
