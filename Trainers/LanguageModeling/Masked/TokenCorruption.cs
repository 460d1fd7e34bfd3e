using MLNetExt.Masking;

namespace MLNetExt.LanguageModeling;

/// <summary>Corrupts rows for an encoder, and says what it is to predict.</summary>
internal sealed class TokenCorruption(MaskPolicy policy, int vocabularySize)
{
    /// <summary>The id that stands for padding here: none of the vocabulary.</summary>
    public int Padding => vocabularySize;

    /// <summary>Corrupts a batch.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="epoch">Decides the corruption, with the policy's seed and the row.</param>
    public CorruptedTokens Apply(EncoderRows rows, long epoch)
    {
        int[] ids = rows.ToArray(Padding), inputs = [.. ids];
        int length = rows.Length;
        var hashes = new ulong[rows.Count];
        List<long> places = [];
        List<int> targets = [];
        int[] row = new int[length], corrupted = new int[length], predicted = new int[length], at = new int[length];
        for (int start = 0, i = 0; start < ids.Length; start += length, i++)
        {
            // Padding may stand anywhere in a row: it is taken out, and what is left is the row.
            int count = 0;
            for (int t = 0; t < length; t++)
            {
                if (ids[start + t] != Padding)
                    (row[count], at[count++]) = (ids[start + t], t);
            }

            hashes[i] = MaskPolicy.RowHash(row.AsSpan(0, count));
            policy.Apply(row.AsSpan(0, count), hashes[i], epoch, corrupted.AsSpan(0, count), predicted.AsSpan(0, count));
            for (int t = 0; t < count; t++)
            {
                inputs[start + at[t]] = corrupted[t];
                if (predicted[t] == MaskPolicy.Ignored)
                    continue;
                places.Add(start + at[t]);
                targets.Add(predicted[t]);
            }
        }

        return new CorruptedTokens(inputs, hashes, [.. places], [.. targets], length);
    }
}
