namespace MLNetExt.Search;

/// <summary>The best rows seen so far: scores from high to low, equal scores in the order of the rows.</summary>
internal sealed class BestNeighbors(int capacity)
{
    private readonly int[] _rows = new int[capacity];
    private readonly float[] _scores = new float[capacity];
    private int _count;

    /// <summary>The rows' numbers in the index, best first.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>Their scores.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>What a row must surpass to be taken in; minus infinity while there is room.</summary>
    public double Threshold => _count < capacity ? double.NegativeInfinity : _scores[^1];

    /// <summary>Takes a row in when it is among the best. Rows come in ascending order.</summary>
    public void Offer(int row, float score)
    {
        if (_count == capacity && !(score > _scores[^1]))
            return;
        int place = _count < capacity ? _count++ : capacity - 1;
        for (; place > 0 && _scores[place - 1] < score; place--)
            (_rows[place], _scores[place]) = (_rows[place - 1], _scores[place - 1]);
        (_rows[place], _scores[place]) = (row, score);
    }
}
