using System.Text;

namespace MLNetExt.Tokenization;

/// <summary>Learns a byte-level BPE vocabulary: <see cref="PairLearner"/> on bytes, which it compares by their values.</summary>
internal sealed class BytePairLearner
{
    private readonly PairLearner _pairs;

    /// <param name="pieces">The pieces of the text as UTF-8, with how often each is there.</param>
    public BytePairLearner(IEnumerable<(byte[] Bytes, long Count)> pieces) => _pairs = new PairLearner(
        // Of Latin-1's characters each is the byte of its value.
        Enumerable.Range(0, ByteAlphabet.Size).Select(value => ((char)value).ToString()),
        pieces.Select(piece => (piece.Bytes.Select(value => (int)value).ToArray(), piece.Count)),
        string.Concat);

    /// <summary>What was learned so far: tokens in the order in which they came, the bytes first.</summary>
    public IEnumerable<string> Tokens => _pairs.Tokens.Select(Write);

    public int TokenCount => _pairs.Tokens.Count;

    /// <summary>The merges, in the order in which they were made.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => [.. _pairs.Merges.Select(merge => (Write(merge.Left), Write(merge.Right)))];

    /// <inheritdoc cref="PairLearner.MergeNext"/>
    public bool MergeNext(long minFrequency) => _pairs.MergeNext(minFrequency);

    private static string Write(string token) => ByteAlphabet.Write(Encoding.Latin1.GetBytes(token));
}
