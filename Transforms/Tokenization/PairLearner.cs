namespace MLNetExt.Tokenization;

/// <summary>Learns tokens from pieces of text: the most frequent pair of neighbouring tokens becomes a token, again and again
/// (Sennrich, Haddow and Birch, arXiv 1508.07909).</summary>
/// <remarks>Of pairs of one count the lexicographically first is taken, by the UTF-16 units of its left token and then of its right one, so
/// that the result depends on the counts alone. Counts are kept up to date: a merge visits only the pieces that have its pair.</remarks>
internal sealed class PairLearner : IComparer<PairLearner.Candidate>
{
    private readonly List<string> _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly Func<string, string, string?> _join;
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly List<(int[] Tokens, int Length, long Count)> _pieces = [];
    private readonly Dictionary<long, Occurrences> _pairs = [];
    private readonly PriorityQueue<Candidate, Candidate> _queue;
    private readonly HashSet<long> _grown = [];
    private readonly HashSet<long> _merged = [];

    /// <param name="alphabet">The tokens to begin with.</param>
    /// <param name="pieces">The pieces of the text, as places in the alphabet, with how often each is there. The arrays are changed.</param>
    /// <param name="join">The token that two neighbours become; null when there may be no such token.</param>
    public PairLearner(IEnumerable<string> alphabet, IEnumerable<(int[] Tokens, long Count)> pieces, Func<string, string, string?> join)
    {
        _tokens = [.. alphabet];
        _ids = _tokens.Select((token, id) => (token, id)).ToDictionary();
        _join = join;
        _queue = new PriorityQueue<Candidate, Candidate>(this);
        foreach ((int[] tokens, long count) in pieces)
        {
            int piece = _pieces.Count;
            _pieces.Add((tokens, tokens.Length, count));
            for (int i = 1; i < tokens.Length; i++)
                Add(tokens[i - 1], tokens[i], count, piece);
        }
        QueueGrown();
    }

    /// <summary>What was learned so far: tokens in the order in which they came, the alphabet first.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The merges, in the order in which they were made.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    /// <summary>Makes the next merge.</summary>
    /// <param name="minFrequency">How often its pair must be there.</param>
    /// <returns>Whether there was one.</returns>
    public bool MergeNext(long minFrequency)
    {
        while (_queue.TryDequeue(out Candidate candidate, out _))
        {
            long count = _pairs[Key(candidate.Left, candidate.Right)].Count;
            if (count < candidate.Count)
            {
                // It has become rarer since it was queued.
                if (count > 0)
                    Queue(candidate with { Count = count });
                continue;
            }
            if (count < minFrequency)
                return false;
            if (_join(_tokens[candidate.Left], _tokens[candidate.Right]) is not { } token)
                continue;
            Merge(candidate, token);
            return true;
        }
        return false;
    }

    int IComparer<Candidate>.Compare(Candidate x, Candidate y)
    {
        if (x.Count != y.Count)
            return y.Count.CompareTo(x.Count);
        int left = string.CompareOrdinal(_tokens[x.Left], _tokens[y.Left]);
        return left != 0 ? left : string.CompareOrdinal(_tokens[x.Right], _tokens[y.Right]);
    }

    private void Merge(Candidate pair, string token)
    {
        // Two pairs may give one token, a + bc and ab + c; a pair with that token then comes up again when it was merged before.
        if (_merged.Add(Key(pair.Left, pair.Right)))
            _merges.Add((_tokens[pair.Left], _tokens[pair.Right]));
        if (_ids.TryAdd(token, _tokens.Count))
            _tokens.Add(token);
        int merged = _ids[token];
        Occurrences occurrences = _pairs[Key(pair.Left, pair.Right)];
        List<int> pieces = occurrences.Pieces;
        occurrences.Pieces = [];
        foreach (int piece in pieces)
            MergeIn(piece, pair, merged);
        QueueGrown();
    }

    private void MergeIn(int piece, Candidate pair, int merged)
    {
        (int[] tokens, int length, long count) = _pieces[piece];
        int to = 0;
        for (int from = 0; from < length; from++)
        {
            if (tokens[from] != pair.Left || from + 1 == length || tokens[from + 1] != pair.Right)
            {
                tokens[to++] = tokens[from];
                continue;
            }
            _pairs[Key(pair.Left, pair.Right)].Count -= count;
            if (to > 0)
            {
                _pairs[Key(tokens[to - 1], pair.Left)].Count -= count;
                Add(tokens[to - 1], merged, count, piece);
            }
            if (from + 2 < length)
            {
                _pairs[Key(pair.Right, tokens[from + 2])].Count -= count;
                Add(merged, tokens[from + 2], count, piece);
            }
            tokens[to++] = merged;
            from++;
        }
        _pieces[piece] = (tokens, to, count);
    }

    private void Add(int left, int right, long count, int piece)
    {
        long key = Key(left, right);
        if (!_pairs.TryGetValue(key, out Occurrences? occurrences))
            _pairs.Add(key, occurrences = new Occurrences());
        occurrences.Count += count;
        if (occurrences.Pieces.Count == 0 || occurrences.Pieces[^1] != piece)
            occurrences.Pieces.Add(piece);
        _grown.Add(key);
    }

    private void QueueGrown()
    {
        foreach (long key in _grown)
        {
            if (_pairs[key].Count > 0)
                Queue(new Candidate((int)(key >> 32), (int)(key & uint.MaxValue), _pairs[key].Count));
        }
        _grown.Clear();
    }

    private void Queue(Candidate candidate) => _queue.Enqueue(candidate, candidate);

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>A pair as it was when it was queued.</summary>
    internal readonly record struct Candidate(int Left, int Right, long Count);

    /// <summary>How often a pair is there, and in which pieces it was.</summary>
    private sealed class Occurrences
    {
        public long Count { get; set; }

        public List<int> Pieces { get; set; } = [];
    }
}
