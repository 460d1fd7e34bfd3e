using System.Buffers;

namespace MLNetExt.Masking;

/// <summary>BERT's corruption of a row as a function of its tokens: which ones are predicted, and what is read in their place. Thread-safe; needs neither ML.NET nor torch.</summary>
/// <remarks>
/// <para>Of n tokens that are not special, <c>max(1, round(Rate * n))</c> are chosen without replacement, as BERT's program for preparing data does (it counts special
/// tokens in n; halves go to the even number). Each chosen token is read as the mask, as a random token that is not special, or as itself, by its own draw.</para>
/// <para>Whole words are taken in random order, as in that program, and one that would make the row exceed its number is passed over; when even the shortest does, the
/// first in that order is taken. A word is a piece and the continuations that follow it at once; one that follows a special token begins a word.</para>
/// <para>All draws are hashes of seed, row, epoch and place. The same row in the same epoch is corrupted alike on every machine and in any order, in another epoch otherwise.</para>
/// </remarks>
public sealed class MaskPolicy
{
    /// <summary>The label of a token that is not predicted.</summary>
    public const int Ignored = -100;

    private const byte Begins = 0;
    private const byte Continues = 1;
    private const byte Special = 2;
    private readonly MaskRule _rule;
    private readonly int _maskId;
    private readonly byte[] _kinds;
    private readonly int[] _ordinary;

    /// <summary>Makes the policy of a rule.</summary>
    /// <exception cref="ArgumentException">The rule's shares do not go together; a special or continuing id lies outside the vocabulary; all tokens are special; or
    /// whole words are asked for and nothing continues a word.</exception>
    public MaskPolicy(MaskRule rule, MaskVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(vocabulary);
        _rule = rule.Validate();
        _maskId = vocabulary.MaskId;
        _kinds = new byte[vocabulary.Size];
        if (rule.WholeWords)
        {
            if (vocabulary.ContinuationIds.Count == 0)
                throw new ArgumentException($"{nameof(MaskRule.WholeWords)} needs the ids of pieces that go on with a word, and there are none.", nameof(vocabulary));
            Mark(vocabulary.ContinuationIds, Continues, nameof(MaskVocabulary.ContinuationIds));
        }
        Mark([.. vocabulary.SpecialIds, vocabulary.MaskId], Special, nameof(MaskVocabulary.SpecialIds));
        _ordinary = [.. Enumerable.Range(0, _kinds.Length).Where(id => _kinds[id] != Special)];
        if (_ordinary.Length == 0)
            throw new ArgumentException($"All {vocabulary.Size} tokens of the vocabulary are special: there is nothing to predict.", nameof(vocabulary));
    }

    /// <summary>The hash by which a row is known: of its ids in their order, padding included, so leave that out. Equal rows are corrupted alike in an epoch.</summary>
    public static ulong RowHash(ReadOnlySpan<int> ids)
    {
        ulong state = Mix64.Of(Mix64.GoldenGamma);
        foreach (int id in ids)
            state = Mix64.Append(state, id);
        return state;
    }

    /// <summary>Corrupts a row.</summary>
    /// <param name="ids">The tokens of the row; special ones, padding among them, are neither counted nor predicted.</param>
    /// <param name="rowHash">What the row is known by, such as <see cref="RowHash"/>.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="inputs">What the model reads, as long as <paramref name="ids"/>, in other memory.</param>
    /// <param name="labels">What it predicts, as long as <paramref name="ids"/>: the token itself, or <see cref="Ignored"/>.</param>
    /// <returns>How many tokens are predicted; 0 when none but special ones are there.</returns>
    /// <exception cref="ArgumentException">The lengths differ, <paramref name="inputs"/> shares memory with <paramref name="ids"/>, or an id lies outside the vocabulary.</exception>
    public int Apply(ReadOnlySpan<int> ids, ulong rowHash, long epoch, Span<int> inputs, Span<int> labels)
    {
        if (inputs.Length != ids.Length || labels.Length != ids.Length)
            throw new ArgumentException($"There are {inputs.Length} inputs and {labels.Length} labels for {ids.Length} tokens.", nameof(inputs));
        if (ids.Overlaps(inputs) || ids.Overlaps(labels))
            throw new ArgumentException("The inputs or labels lie in the same memory as the tokens.", nameof(inputs));
        var numbers = new RowNumbers(_rule.Seed, rowHash, epoch);
        ids.CopyTo(inputs);
        labels.Fill(Ignored);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(ids.Length);
        int eligible = Words(ids, numbers, rented, out int count);
        int wanted = Math.Max(1, (int)Math.Round(_rule.Rate * eligible));
        Span<ulong> words = rented.AsSpan(0, count);
        if (!_rule.WholeWords)
            words = First(words, wanted);
        words.Sort();
        int predicted = Predict(ids, numbers, words, wanted, inputs, labels);
        ArrayPool<ulong>.Shared.Return(rented);
        return predicted;
    }

    /// <summary>Finds the words.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="numbers">The row's random numbers.</param>
    /// <param name="order">The words, of which smaller ones are taken first: the upper half of each entry is random, the lower half where it begins.</param>
    /// <param name="words">How many there are; as many as tokens unless words are whole.</param>
    /// <returns>How many tokens can be predicted.</returns>
    private int Words(ReadOnlySpan<int> ids, RowNumbers numbers, Span<ulong> order, out int words)
    {
        int eligible = 0;
        words = 0;
        byte before = Special;
        for (int i = 0; i < ids.Length; i++)
        {
            byte kind = KindOf(ids, i);
            if (kind != Special)
            {
                eligible++;
                if (kind == Begins || before == Special)
                    order[words++] = (numbers[i, RowNumbers.Draw.Choice] & ~(ulong)uint.MaxValue) | (uint)i;
            }
            before = kind;
        }
        return eligible;
    }

    /// <summary>Brings together some of the words, hardly more than the wanted ones, among which these are: the others need not be sorted.</summary>
    private static Span<ulong> First(Span<ulong> words, int wanted)
    {
        // The upper halves are uniform; five deviations more than wanted lie below nearly always.
        double share = (wanted + 5 * Math.Sqrt(wanted) + 5) / words.Length;
        if (share >= 1)
            return words;
        ulong bound = (ulong)(share * uint.MaxValue) << 32;
        int count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] < bound)
            {
                (words[count], words[i]) = (words[i], words[count]);
                count++;
            }
        }
        return count < wanted ? words : words[..count];
    }

    private int Predict(ReadOnlySpan<int> ids, RowNumbers numbers, ReadOnlySpan<ulong> order, int wanted, Span<int> inputs, Span<int> labels)
    {
        int predicted = 0;
        foreach (ulong word in order)
        {
            int start = (int)(uint)word, length = LengthOfWord(ids, start);
            if (predicted + length > wanted)
                continue;
            PredictWord(ids, numbers, start, length, inputs, labels);
            predicted += length;
            if (predicted == wanted)
                break;
        }
        if (predicted == 0 && order.Length > 0)
        {
            int start = (int)(uint)order[0];
            predicted = LengthOfWord(ids, start);
            PredictWord(ids, numbers, start, predicted, inputs, labels);
        }
        return predicted;
    }

    private void PredictWord(ReadOnlySpan<int> ids, RowNumbers numbers, int start, int length, Span<int> inputs, Span<int> labels)
    {
        for (int i = start; i < start + length; i++)
        {
            labels[i] = ids[i];
            double draw = (numbers[i, RowNumbers.Draw.Kind] >> 11) * (1.0 / (1UL << 53));
            if (draw < _rule.MaskShare)
                inputs[i] = _maskId;
            else if (draw < _rule.MaskShare + _rule.RandomShare)
                inputs[i] = _ordinary[(int)Math.BigMul(numbers[i, RowNumbers.Draw.Replacement], (ulong)_ordinary.Length, out _)];
        }
    }

    private int LengthOfWord(ReadOnlySpan<int> ids, int start)
    {
        int end = start + 1;
        while (end < ids.Length && _kinds[ids[end]] == Continues)
            end++;
        return end - start;
    }

    private byte KindOf(ReadOnlySpan<int> ids, int place) => (uint)ids[place] < (uint)_kinds.Length
        ? _kinds[ids[place]]
        : throw new ArgumentException($"The token at place {place} has the id {ids[place]}, which is outside the vocabulary: ids lie in [0, {_kinds.Length}).", nameof(ids));

    private void Mark(IReadOnlyList<int> ids, byte kind, string name)
    {
        foreach (int id in ids)
        {
            if (id >= _kinds.Length)
                throw new ArgumentException($"{name} holds {id}, which is outside the vocabulary: ids lie in [0, {_kinds.Length}).", name);
            _kinds[id] = kind;
        }
    }
}
