namespace MLNetExt.Search;

/// <summary>The best rows seen so far: scores from high to low, equal scores in the order of the rows.</summary>
internal sealed class BestNeighbors(int capacity)
{
    private readonly int[] _rows = new int[capacity];
    private readonly float[] _scores = new float[capacity];
    private int _count;

    /// <summary>Whether the rows lie best first; otherwise they are a binary heap, worst first.</summary>
    private bool _isRanked;

    /// <summary>The rows' numbers in the index, best first.</summary>
    public ReadOnlySpan<int> Rows
    {
        get
        {
            Rank();
            return _rows.AsSpan(0, _count);
        }
    }

    /// <summary>Their scores.</summary>
    public ReadOnlySpan<float> Scores
    {
        get
        {
            Rank();
            return _scores.AsSpan(0, _count);
        }
    }

    /// <summary>What a row must surpass to be taken in; minus infinity while there is room.</summary>
    public double Threshold => _count < capacity ? double.NegativeInfinity : _scores[_isRanked ? ^1 : 0];

    /// <summary>Takes a row in when it is among the best, in O(log capacity). Rows come in ascending order.</summary>
    public void Offer(int row, float score)
    {
        if (_count == capacity && !(score > Threshold))
            return;
        Unrank();
        if (_count == capacity)
        {
            Sink(row, score, _count);
            return;
        }
        int place = _count++;
        for (int parent; place > 0 && IsWorse(row, score, parent = (place - 1) / 2); place = parent)
            (_rows[place], _scores[place]) = (_rows[parent], _scores[parent]);
        (_rows[place], _scores[place]) = (row, score);
    }

    /// <summary>Heapsort: the worst of those that are left goes to their end.</summary>
    private void Rank()
    {
        if (_isRanked)
            return;
        for (int last = _count - 1; last > 0; last--)
        {
            (int worstRow, float worstScore) = (_rows[0], _scores[0]);
            Sink(_rows[last], _scores[last], last);
            (_rows[last], _scores[last]) = (worstRow, worstScore);
        }
        _isRanked = true;
    }

    /// <summary>Worst first is a heap.</summary>
    private void Unrank()
    {
        if (!_isRanked)
            return;
        _rows.AsSpan(0, _count).Reverse();
        _scores.AsSpan(0, _count).Reverse();
        _isRanked = false;
    }

    /// <summary>Puts a row in the place of the worst of the first <paramref name="count"/>.</summary>
    private void Sink(int row, float score, int count)
    {
        int place = 0;
        for (int child; (child = 2 * place + 1) < count; place = child)
        {
            if (child + 1 < count && IsWorse(_rows[child + 1], _scores[child + 1], child))
                child++;
            if (IsWorse(row, score, child))
                break;
            (_rows[place], _scores[place]) = (_rows[child], _scores[child]);
        }
        (_rows[place], _scores[place]) = (row, score);
    }

    private bool IsWorse(int row, float score, int than) => score < _scores[than] || (score == _scores[than] && row > _rows[than]);
}
