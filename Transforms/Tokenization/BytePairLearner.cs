namespace MLNetExt.Tokenization;

/// <summary>Learns a byte-level BPE vocabulary: the most frequent pair of neighbouring tokens becomes a token, again and again
/// (Sennrich, Haddow and Birch, arXiv 1508.07909, on bytes).</summary>
/// <remarks>Of pairs of one count the lexicographically first is taken, by the bytes of its left token and then of its right one, so
/// that the result depends on the counts alone. Counts are kept up to date: a merge visits only the pieces that have its pair.</remarks>
internal sealed class BytePairLearner : IComparer<BytePairLearner.Candidate>
{
    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, ByteAlphabet.Size).Select(value => new[] { (byte)value })];
    private readonly Dictionary<string, int> _ids;
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly List<(int[] Tokens, int Length, long Count)> _pieces = [];
    private readonly Dictionary<long, Occurrences> _pairs = [];
    private readonly PriorityQueue<Candidate, Candidate> _queue;
    private readonly HashSet<long> _grown = [];
    private readonly HashSet<long> _merged = [];

    /// <param name="pieces">The pieces of the text as UTF-8, with how often each is there.</param>
    public BytePairLearner(IEnumerable<(byte[] Bytes, long Count)> pieces)
    {
        _ids = Enumerable.Range(0, ByteAlphabet.Size).ToDictionary(value => ByteAlphabet.Token((byte)value));
        _queue = new PriorityQueue<Candidate, Candidate>(this);
        foreach ((byte[] bytes, long count) in pieces)
        {
            int piece = _pieces.Count;
            _pieces.Add(([.. bytes.Select(value => (int)value)], bytes.Length, count));
            for (int i = 1; i < bytes.Length; i++)
                Add(bytes[i - 1], bytes[i], count, piece);
        }
        QueueGrown();
    }

    /// <summary>What was learned so far: tokens in the order in which they came, the bytes first.</summary>
    public IEnumerable<string> Tokens => _tokens.Select(token => ByteAlphabet.Write(token));

    public int TokenCount => _tokens.Count;

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
            Merge(candidate);
            return true;
        }
        return false;
    }

    int IComparer<Candidate>.Compare(Candidate x, Candidate y)
    {
        if (x.Count != y.Count)
            return y.Count.CompareTo(x.Count);
        int left = _tokens[x.Left].AsSpan().SequenceCompareTo(_tokens[y.Left]);
        return left != 0 ? left : _tokens[x.Right].AsSpan().SequenceCompareTo(_tokens[y.Right]);
    }

    private void Merge(Candidate pair)
    {
        byte[] bytes = [.. _tokens[pair.Left], .. _tokens[pair.Right]];
        // Two pairs may give one token, a + bc and ab + c; a pair with that token then comes up again when it was merged before.
        if (_merged.Add(Key(pair.Left, pair.Right)))
            _merges.Add((ByteAlphabet.Write(_tokens[pair.Left]), ByteAlphabet.Write(_tokens[pair.Right])));
        if (_ids.TryAdd(ByteAlphabet.Write(bytes), _tokens.Count))
            _tokens.Add(bytes);
        int merged = _ids[ByteAlphabet.Write(bytes)];
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
