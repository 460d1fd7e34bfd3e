namespace MLNetExt.Columns;

/// <summary>Vectors of length 1, whose dot product is the cosine of the angle between them.</summary>
public static class UnitVectors
{
    /// <summary>Scales a vector to length 1; a zero vector stays as it is, so that its cosine with any other is 0.</summary>
    /// <param name="vector">The vector, of finite values; any finite length, however small or large, is handled.</param>
    /// <param name="unit">Takes the result; of the same size, and may be the same memory.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static void Normalize(ReadOnlySpan<float> vector, Span<float> unit)
    {
        if (unit.Length != vector.Length)
            throw new ArgumentException($"A vector of {vector.Length} values does not fit memory for {unit.Length}.", nameof(unit));
        // In double: the squares of a Single overflow from 2e19 on and vanish below 1e-23.
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        double scale = squares == 0 ? 1 : 1 / Math.Sqrt(squares);
        for (int i = 0; i < vector.Length; i++)
            unit[i] = (float)(vector[i] * scale);
    }
}
