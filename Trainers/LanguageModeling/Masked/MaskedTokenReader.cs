using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Sequences;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Reads corrupted sequences with an encoder: log-probabilities of what was masked, and every token's vector when it is wanted.</summary>
internal sealed class MaskedTokenReader(EncoderModel model, bool withVectors)
{
    private static readonly MaskedCrossEntropy s_objective = new();

    /// <exception cref="ArgumentException">A sequence cannot be read; the message names it.</exception>
    public IReadOnlyList<MaskedTokenScores> Score(IReadOnlyList<MaskedSequence> sequences)
    {
        ObjectDisposedException.ThrowIf(model.IsDisposed, model);
        for (int i = 0; i < sequences.Count; i++)
            Check(sequences[i], i);
        var result = new MaskedTokenScores[sequences.Count];
        // As many tokens are kept of all rows that are read together.
        foreach (int[] places in Enumerable.Range(0, sequences.Count).GroupBy(i => sequences[i].Kept?.Length).Select(group => group.ToArray()))
        {
            foreach (int[] part in LikeLengths.Of([.. places.Select(i => (long)sequences[i].Inputs.Length)]))
                Score([.. part.Select(i => places[i])], [.. part.Select(i => sequences[places[i]])], result);
        }

        return result;
    }

    private void Score(int[] places, MaskedSequence[] rows, MaskedTokenScores[] result)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        int length = rows.Max(row => row.Inputs.Length);
        Tensor ids = Matrix(rows, row => row.Inputs, length);
        Tensor isToken = arange(length).unsqueeze(0).lt(tensor(Array.ConvertAll(rows, row => (long)row.Inputs.Length)).unsqueeze(1));
        if (model.State.Columns().PadId is { } pad)
            isToken = isToken.logical_and(ids.ne(pad));
        Tensor? types = rows.All(row => row.Types is null) ? null : Matrix(rows, row => row.Types ?? [], length);
        Tensor last = model.Network.Hidden(ids, isToken, types, Selection(rows, length)).Last;
        int[][] predicted = Array.ConvertAll(rows, row => Enumerable.Range(0, row.Targets.Length).Where(place => row.Targets[place] >= 0).ToArray());
        float[] logProbabilities = LogProbabilities(
            last,
            [.. predicted.SelectMany((at, row) => at.Select(place => ((long)row * length) + place))],
            [.. predicted.SelectMany((at, row) => at.Select(place => (long)rows[row].Targets[place]))]);
        float[][] vectors = withVectors ? Vectors(last, isToken) : [];
        int first = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int count = predicted[i].Length;
            result[places[i]] = new MaskedTokenScores(logProbabilities[first..(first + count)], withVectors ? vectors[i] : []);
            first += count;
        }
    }

    /// <summary>Of each row the vectors of its tokens, one behind the other.</summary>
    private static float[][] Vectors(Tensor last, Tensor isToken) =>
        [.. Enumerable.Range(0, (int)last.shape[0]).Select(row => last[row].index_select(0, isToken[row].nonzero().flatten()).data<float>().ToArray())];

    private float[] LogProbabilities(Tensor last, long[] places, long[] targets)
    {
        if (places.Length == 0)
            return [];
        Tensor predictions = model.Network.Predictions(last.flatten(0, 1).index_select(0, tensor(places)));
        MaskedTokenSum sum = s_objective.Sum(predictions, model.Network.HeadWeight, model.Network.HeadBias, tensor(targets));
        return sum.Losses.neg().data<float>().ToArray();
    }

    private static TokenSelection? Selection(MaskedSequence[] rows, int length) => rows[0].Kept is null
        ? null
        : new TokenSelection(
            Matrix(rows, row => row.Kept!, rows[0].Kept!.Length),
            Matrix(rows, row => [.. Enumerable.Range(0, length).Except(row.Kept!)], length - rows[0].Kept!.Length));

    /// <summary>Int64 <c>[rows, length]</c>, 0 behind a row's end.</summary>
    private static Tensor Matrix(MaskedSequence[] rows, Func<MaskedSequence, int[]> values, int length)
    {
        long[] matrix = new long[rows.Length * length];
        for (int i = 0; i < rows.Length; i++)
            Array.ConvertAll(values(rows[i]), value => (long)value).CopyTo(matrix, i * length);
        return tensor(matrix, [rows.Length, length]);
    }

    private void Check(MaskedSequence sequence, int i)
    {
        EncoderOptions network = model.Network.Options;
        int[] inputs = sequence.Inputs;
        if (inputs.Length == 0)
            throw new ArgumentException($"Sequence {i} is empty: there is nothing to read.", nameof(sequence));
        if (inputs.Length > network.ContextLength)
            throw new ArgumentException($"Sequence {i} has {inputs.Length} tokens, but the model reads {network.ContextLength}.", nameof(sequence));
        if (sequence.Targets.Length != inputs.Length)
            throw new ArgumentException($"Sequence {i} has {sequence.Targets.Length} targets for {inputs.Length} tokens.", nameof(sequence));
        if (inputs.AsSpan().IndexOfAnyExceptInRange(0, network.VocabularySize - 1) is >= 0 and var bad)
            throw new ArgumentException($"Sequence {i} has the id {inputs[bad]} in slot {bad}, which is not in the vocabulary of {network.VocabularySize} tokens.", nameof(sequence));
        if (sequence.Targets.Max() >= network.VocabularySize)
            throw new ArgumentException($"Sequence {i} has the target {sequence.Targets.Max()}, which is not in the vocabulary of {network.VocabularySize} tokens.", nameof(sequence));
        if (sequence.Types is { } types && (types.Length != inputs.Length || types.AsSpan().IndexOfAnyExceptInRange(0, network.TokenTypes - 1) >= 0))
            throw new ArgumentException($"Sequence {i} must have a kind from 0 to {network.TokenTypes - 1} for each of its {inputs.Length} tokens, or none.", nameof(sequence));
        if (sequence.Kept is { } kept && (kept.Length == 0 || kept.Min() < 0 || kept.Max() >= inputs.Length || kept.Distinct().Count() != kept.Length))
            throw new ArgumentException($"What is kept of sequence {i} must be one or more of its {inputs.Length} places, each once.", nameof(sequence));
    }
}
