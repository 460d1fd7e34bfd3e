using System.Buffers;
using System.Numerics;

namespace MLNetExt.Masking;

/// <summary>Token dropping as a function of ids: which tokens of a row are kept. Thread-safe; needs neither ML.NET nor torch.</summary>
/// <remarks>
/// <para>A token scores what a table says of its id, or a random number; the highest scores are kept, and of equal ones those at lower places. Pinned ids score above all
/// others, denied ones below. A NaN in a table is its lowest score.</para>
/// <para>Random scores are hashes of seed, row, epoch and place: the same on every machine and in any order. They have nothing to do with what
/// <see cref="MaskPolicy"/> chooses with the same seed.</para>
/// </remarks>
public sealed class DropPolicy
{
    private const byte Pinned = 1;
    private const byte Denied = 2;
    private readonly DropRule _rule;
    private readonly byte[] _kinds;

    /// <summary>Makes the policy of a rule.</summary>
    /// <exception cref="ArgumentException">An id is pinned and denied.</exception>
    public DropPolicy(DropRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _rule = rule.Validate();
        _kinds = new byte[rule.PinnedIds.Concat(rule.DeniedIds).Append(-1).Max() + 1];
        foreach (int id in rule.PinnedIds)
            _kinds[id] = Pinned;
        foreach (int id in rule.DeniedIds)
            _kinds[id] = Denied;
    }

    /// <summary>Scores by which frequent tokens are dropped first: minus the logarithm of each id's share of all tokens, every count raised by one.</summary>
    /// <param name="counts">How often each id occurs.</param>
    public static float[] FrequencyTable(ReadOnlySpan<long> counts)
    {
        double all = counts.Length;
        foreach (long count in counts)
            all += count;
        var table = new float[counts.Length];
        for (int id = 0; id < table.Length; id++)
            table[id] = (float)-Math.Log((counts[id] + 1) / all);
        return table;
    }

    /// <summary>How many tokens are kept of each row of a batch.</summary>
    /// <param name="ids">The rows, <c>[rows * length]</c>. They are looked at only with <see cref="PinnedOverflow.KeepMore"/>.</param>
    /// <param name="length">The tokens of a row, padding counted.</param>
    /// <exception cref="ArgumentException">The tokens are no rows of that length.</exception>
    public int KeepCount(ReadOnlySpan<int> ids, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
            return 0;
        // 0.07 * 100 is a little more than 7, which are enough; but none is not.
        int keep = Math.Min(length, _rule.KeepCount ?? Math.Max(1, (int)Math.Ceiling((_rule.KeepRatio * length) - 1e-6)));
        if (_rule.Overflow != PinnedOverflow.KeepMore)
            return keep;
        for (int start = 0; start < ids.Length; start += length)
        {
            int pinned = 0;
            foreach (int id in ids.Slice(start, length))
                pinned += KindOf(id) == Pinned ? 1 : 0;
            keep = Math.Max(keep, pinned);
        }
        return keep;
    }

    /// <summary>Chooses by a table.</summary>
    /// <param name="ids">The tokens of a row.</param>
    /// <param name="table">The score of each id, such as <see cref="TokenImportance.Values"/>.</param>
    /// <param name="selected">The places of the tokens that are kept: as many as there is room for, usually <see cref="KeepCount"/>.</param>
    /// <param name="unselected">The places of the others.</param>
    /// <param name="row">The number of the row, for messages.</param>
    /// <exception cref="ArgumentException">There is not room for each token once, or an id lies outside the table.</exception>
    /// <exception cref="InvalidDataException">More tokens are pinned than are kept, and the rule refuses that.</exception>
    public void Select(ReadOnlySpan<int> ids, ReadOnlySpan<float> table, Span<int> selected, Span<int> unselected, long row = 0)
    {
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(ids.Length);
        Split(ScoreByTable(ids, table, keys), keys.AsSpan(0, ids.Length), selected, unselected, row);
        ArrayPool<ulong>.Shared.Return(keys);
    }

    /// <summary>Chooses at random.</summary>
    /// <param name="ids">The tokens of a row.</param>
    /// <param name="rowHash">What the row is known by, such as <see cref="MaskPolicy.RowHash"/>.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="selected">The places of the tokens that are kept: as many as there is room for, usually <see cref="KeepCount"/>.</param>
    /// <param name="unselected">The places of the others.</param>
    /// <param name="row">The number of the row, for messages.</param>
    /// <exception cref="ArgumentException">There is not room for each token once.</exception>
    /// <exception cref="InvalidDataException">More tokens are pinned than are kept, and the rule refuses that.</exception>
    public void Select(ReadOnlySpan<int> ids, ulong rowHash, long epoch, Span<int> selected, Span<int> unselected, long row = 0)
    {
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(ids.Length);
        Split(ScoreByHash(ids, rowHash, epoch, keys), keys.AsSpan(0, ids.Length), selected, unselected, row);
        ArrayPool<ulong>.Shared.Return(keys);
    }

    /// <summary>Chooses by a table in each row of a batch.</summary>
    /// <param name="ids">The rows, <c>[rows * length]</c>.</param>
    /// <param name="length">The tokens of a row, padding counted.</param>
    /// <param name="table">The score of each id.</param>
    /// <param name="selected">The places within their rows of the tokens that are kept, <c>[rows * K]</c>, K being usually <see cref="KeepCount"/>.</param>
    /// <param name="unselected">The places of the others, <c>[rows * (length - K)]</c>.</param>
    /// <param name="firstRow">The number of the first row, for messages.</param>
    /// <exception cref="ArgumentException">There is not room for each token once, or an id lies outside the table.</exception>
    /// <exception cref="InvalidDataException">More tokens are pinned than are kept, and the rule refuses that.</exception>
    public void SelectRows(ReadOnlySpan<int> ids, int length, ReadOnlySpan<float> table, Span<long> selected, Span<long> unselected, long firstRow = 0)
    {
        (int rows, int keep) = Shape(ids.Length, length, selected.Length, unselected.Length);
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(length);
        for (int row = 0; row < rows; row++)
        {
            int pinned = ScoreByTable(ids.Slice(row * length, length), table, keys);
            Split(pinned, keys.AsSpan(0, length), selected.Slice(row * keep, keep), unselected.Slice(row * (length - keep), length - keep), firstRow + row);
        }
        ArrayPool<ulong>.Shared.Return(keys);
    }

    /// <summary>Chooses at random in each row of a batch.</summary>
    /// <param name="ids">The rows, <c>[rows * length]</c>.</param>
    /// <param name="length">The tokens of a row, padding counted.</param>
    /// <param name="rowHashes">What each row is known by.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="selected">The places within their rows of the tokens that are kept, <c>[rows * K]</c>, K being usually <see cref="KeepCount"/>.</param>
    /// <param name="unselected">The places of the others, <c>[rows * (length - K)]</c>.</param>
    /// <param name="firstRow">The number of the first row, for messages.</param>
    /// <exception cref="ArgumentException">There is not room for each token once, or there are fewer hashes than rows.</exception>
    /// <exception cref="InvalidDataException">More tokens are pinned than are kept, and the rule refuses that.</exception>
    public void SelectRows(
        ReadOnlySpan<int> ids, int length, ReadOnlySpan<ulong> rowHashes, long epoch, Span<long> selected, Span<long> unselected, long firstRow = 0)
    {
        (int rows, int keep) = Shape(ids.Length, length, selected.Length, unselected.Length);
        if (rowHashes.Length != rows)
            throw new ArgumentException($"There are {rowHashes.Length} hashes for {rows} rows.", nameof(rowHashes));
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(length);
        for (int row = 0; row < rows; row++)
        {
            int pinned = ScoreByHash(ids.Slice(row * length, length), rowHashes[row], epoch, keys);
            Split(pinned, keys.AsSpan(0, length), selected.Slice(row * keep, keep), unselected.Slice(row * (length - keep), length - keep), firstRow + row);
        }
        ArrayPool<ulong>.Shared.Return(keys);
    }

    private static (int Rows, int Keep) Shape(int tokens, int length, int selected, int unselected)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int rows = length == 0 ? 0 : tokens / length;
        return rows * length == tokens && selected + unselected == tokens && (rows == 0 || selected % rows == 0)
            ? (rows, rows == 0 ? 0 : selected / rows)
            : throw new ArgumentException($"{tokens} tokens in rows of {length} are not {selected} selected and {unselected} other places, as many in each row.", nameof(length));
    }

    /// <summary>Makes a key of each token: what is kept first is the smallest.</summary>
    /// <returns>How many tokens are pinned.</returns>
    private int ScoreByTable(ReadOnlySpan<int> ids, ReadOnlySpan<float> table, Span<ulong> keys)
    {
        int pinned = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)table.Length)
                throw new ArgumentException($"The token at place {i} has the id {ids[i]}, and the table has the scores of the ids in [0, {table.Length}).", nameof(ids));
            keys[i] = Key(i, KindOf(ids[i]), Ordered(table[ids[i]]), ref pinned);
        }
        return pinned;
    }

    /// <inheritdoc cref="ScoreByTable"/>
    private int ScoreByHash(ReadOnlySpan<int> ids, ulong rowHash, long epoch, Span<ulong> keys)
    {
        var numbers = new RowNumbers(_rule.Seed, rowHash, epoch);
        int pinned = 0;
        for (int i = 0; i < ids.Length; i++)
            keys[i] = Key(i, KindOf(ids[i]), (uint)(numbers[i, RowNumbers.Draw.Drop] >> 33) + 1, ref pinned);
        return pinned;
    }

    private void Split<T>(int pinned, Span<ulong> keys, Span<T> selected, Span<T> unselected, long row)
        where T : IBinaryInteger<T>
    {
        if (selected.Length + unselected.Length != keys.Length)
            throw new ArgumentException($"There is room for {selected.Length} selected and {unselected.Length} other places of {keys.Length} tokens.", nameof(selected));
        if (pinned > selected.Length && _rule.Overflow != PinnedOverflow.Drop)
            throw new InvalidDataException(
                $"Row {row} has {pinned} tokens that are always kept ({nameof(DropRule.PinnedIds)}), but {selected.Length} of its {keys.Length} tokens are to be kept: "
                + $"{Remedy(pinned, keys.Length)}, or choose another {nameof(PinnedOverflow)}.");
        keys.Sort();
        Places(keys[..selected.Length], selected);
        Places(keys[selected.Length..], unselected);
    }

    private string Remedy(int pinned, int length) => FormattableString.Invariant(_rule switch
    {
        { Overflow: PinnedOverflow.KeepMore } => $"make room for as many as {nameof(DropPolicy)}.{nameof(KeepCount)} says",
        { KeepCount: not null } => $"raise {nameof(DropRule.KeepCount)} to {pinned}",
        _ => $"raise {nameof(DropRule.KeepRatio)} to {Math.Ceiling(100.0 * pinned / length) / 100}",
    });

    private void Places<T>(ReadOnlySpan<ulong> keys, Span<T> places)
        where T : IBinaryInteger<T>
    {
        for (int i = 0; i < places.Length; i++)
            places[i] = T.CreateTruncating((uint)keys[i]);
        if (_rule.SortByPosition)
            places.Sort();
    }

    private static ulong Key(int place, byte kind, uint score, ref int pinned)
    {
        if (kind == Pinned)
        {
            pinned++;
            score = uint.MaxValue;
        }
        else if (kind == Denied)
        {
            score = 0;
        }
        return ((ulong)~score << 32) | (uint)place;
    }

    /// <summary>A number in the order of scores, between those of denied and of pinned tokens.</summary>
    private static uint Ordered(float score)
    {
        // Of a number and NaN these take the number; adding 0 makes -0 equal to 0.
        score = float.MinNumber(float.MaxNumber(score, float.MinValue), float.MaxValue) + 0f;
        int bits = BitConverter.SingleToInt32Bits(score);
        return (uint)(bits ^ ((bits >> 31) | int.MinValue));
    }

    private byte KindOf(int id) => (uint)id < (uint)_kinds.Length ? _kinds[id] : (byte)0;
}
