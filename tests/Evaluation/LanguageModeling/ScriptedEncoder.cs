using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

/// <summary>An encoder whose answers follow from a token, its place, its kind and whether it is kept.</summary>
internal sealed class ScriptedEncoder : IMaskedTokenScorer
{
    public int VocabularySize => 9;

    public int ContextLength => 8;

    public int Width => 2;

    public bool ReadsTypes { get; init; }

    /// <summary>What becomes of an answer.</summary>
    public Func<MaskedTokenScores, MaskedTokenScores> Change { get; init; } = scores => scores;

    /// <summary>What each call was given, and whether vectors were asked for.</summary>
    public List<(int Rows, bool WithVectors)> Calls { get; } = [];

    public static MaskedTokenScores Answer(MaskedSequence row)
    {
        int[] places = [.. Enumerable.Range(0, row.Inputs.Length)];
        float Of(int place) => ((row.Inputs[place] * 7) + (place * 3) + (5 * (row.Types?[place] ?? 0)) + (row.Kept?.Contains(place) == false ? 4 : 0)) % 13 / 10f;
        return new MaskedTokenScores(
            [.. places.Where(place => row.Targets[place] >= 0).Select(place => -Of(place) - row.Targets[place])],
            [.. places.SelectMany(place => new[] { Of(place), 1 - Of(place) })]);
    }

    public IReadOnlyList<MaskedTokenScores> Score(IReadOnlyList<MaskedSequence> sequences, bool withVectors = true)
    {
        Calls.Add((sequences.Count, withVectors));
        return [.. sequences.Select(row => Change(withVectors ? Answer(row) : Answer(row) with { Vectors = [] }))];
    }
}
