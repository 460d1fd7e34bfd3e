namespace MLNetExt.Columns;

/// <summary>From the probabilities of classes to a <c>PredictedLabel</c>.</summary>
public static class PredictedKeys
{
    /// <summary>For each row the key, from 1, of its largest score; the first of equal ones. 0, a missing key, for a row that has NaN.</summary>
    /// <param name="scores">The scores, row after row.</param>
    /// <param name="classCount">Scores a row.</param>
    public static uint[] Of(ReadOnlySpan<float> scores, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        var keys = new uint[scores.Length / classCount];
        for (int row = 0; row < keys.Length; row++)
        {
            ReadOnlySpan<float> of = scores.Slice(row * classCount, classCount);
            int best = 0;
            bool isNumber = true;
            for (int c = 0; c < of.Length; c++)
            {
                isNumber &= !float.IsNaN(of[c]);
                best = of[c] > of[best] ? c : best;
            }

            keys[row] = isNumber ? (uint)best + 1 : 0;
        }

        return keys;
    }
}
