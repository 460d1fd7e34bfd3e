using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Sequences;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Reads corrupted sequences with an encoder: log-probabilities of what was masked, and every token's vector.</summary>
internal sealed class MaskedTokenReader(EncoderModel model)
{
    private static readonly MaskedCrossEntropy s_objective = new();

    /// <exception cref="ArgumentException">A sequence cannot be read; the message names it.</exception>
    public IReadOnlyList<MaskedTokenScores> Score(IReadOnlyList<MaskedSequence> sequences)
    {
        ObjectDisposedException.ThrowIf(model.IsDisposed, model);
        for (int i = 0; i < sequences.Count; i++)
            Check(sequences[i], i);
        var result = new MaskedTokenScores[sequences.Count];
        // Sequences of one length, of which as many tokens are kept, need no padding, and are read exactly as they are.
        var groups = Enumerable.Range(0, sequences.Count).GroupBy(i => (sequences[i].Inputs.Length, Kept: sequences[i].Kept?.Length, HasTypes: sequences[i].Types is not null));
        foreach (int[] block in groups.SelectMany(group => group.Chunk(model.State.ScoringBlockSize)))
            Score(block, [.. block.Select(i => sequences[i])], result);
        return result;
    }

    private void Score(int[] places, MaskedSequence[] rows, MaskedTokenScores[] result)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        int length = rows[0].Inputs.Length, width = model.Network.Options.Transformer.Width;
        Tensor ids = Matrix([.. rows.Select(row => row.Inputs)]);
        Tensor? isToken = model.State.Columns().PadId is { } pad ? ids.ne(pad) : null;
        Tensor? types = rows[0].Types is null ? null : Matrix([.. rows.Select(row => row.Types!)]);
        Tensor last = model.Network.Hidden(ids, isToken, types, Selection(rows, length)).Last;
        float[] vectors = last.contiguous().data<float>().ToArray();
        long[] predicted = [.. Enumerable.Range(0, rows.Length * length).Where(i => rows[i / length].Targets[i % length] >= 0).Select(i => (long)i)];
        float[] logProbabilities = LogProbabilities(last, predicted, [.. predicted.Select(i => (long)rows[i / length].Targets[i % length])]);
        int first = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int count = rows[i].Targets.Count(target => target >= 0);
            result[places[i]] = new MaskedTokenScores(logProbabilities[first..(first + count)], vectors[(i * length * width)..((i + 1) * length * width)]);
            first += count;
        }
    }

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
            Matrix([.. rows.Select(row => row.Kept!)]),
            Matrix([.. rows.Select(row => Enumerable.Range(0, length).Except(row.Kept!).ToArray())]));

    private static Tensor Matrix(int[][] rows) => tensor([.. rows.SelectMany(row => row.Select(id => (long)id))], [rows.Length, rows[0].Length]);

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
