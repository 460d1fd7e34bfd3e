using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>One output column of a scored block: a value for each of its rows.</summary>
public abstract class ScoredColumn
{
    private protected ScoredColumn(int rowCount) => RowCount = rowCount;

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The type that ML.NET reads the values as.</summary>
    internal abstract Type RawType { get; }

    /// <summary>Numbers, for a column of type Single: one a row.</summary>
    public static ScoredColumn Scalars(float[] values) => new ScoredValues<float>(values);

    /// <summary>Whole numbers, for a column of type Int32: one a row.</summary>
    public static ScoredColumn Integers(int[] values) => new ScoredValues<int>(values);

    /// <summary>Keys, for a key column of UInt32: one a row, from 1; 0 is missing.</summary>
    public static ScoredColumn Keys(uint[] values) => new ScoredValues<uint>(values);

    /// <summary>Booleans: one a row.</summary>
    public static ScoredColumn Booleans(bool[] values) => new ScoredValues<bool>(values);

    /// <summary>Texts: one a row.</summary>
    public static ScoredColumn Texts(ReadOnlyMemory<char>[] values) => new ScoredValues<ReadOnlyMemory<char>>(values);

    /// <summary>Vectors of one length, row after row in <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">The values are no whole number of rows.</exception>
    public static ScoredColumn Vectors(float[] values, int width) => new ScoredVectors<float>(values, width);

    /// <summary>Vectors of Booleans of one length, row after row in <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">The values are no whole number of rows.</exception>
    public static ScoredColumn BooleanVectors(bool[] values, int width) => new ScoredVectors<bool>(values, width);

    /// <summary>Vectors of text of one length, row after row in <paramref name="values"/>.</summary>
    /// <exception cref="ArgumentException">The values are no whole number of rows.</exception>
    public static ScoredColumn TextVectors(ReadOnlyMemory<char>[] values, int width) => new ScoredVectors<ReadOnlyMemory<char>>(values, width);

    /// <summary>Vectors whose length varies, for a vector column of unknown size.</summary>
    public static ScoredColumn Vectors(float[][] rows) => new ScoredVariableVectors<float>(rows);

    /// <summary>Token ids: one array a row, for a vector column of Int32 of unknown size.</summary>
    public static ScoredColumn Tokens(int[][] rows) => new ScoredVariableVectors<int>(rows);
}

/// <summary>A scored column whose values have the type <typeparamref name="T"/> in ML.NET.</summary>
internal abstract class ScoredColumn<T>(int rowCount) : ScoredColumn(rowCount)
{
    internal override Type RawType => typeof(T);

    /// <summary>Copies a row's value, into the memory that <paramref name="value"/> has when it suffices.</summary>
    public abstract void CopyTo(int row, ref T value);
}

internal sealed class ScoredValues<T>(T[] values) : ScoredColumn<T>(values.Length)
{
    public override void CopyTo(int row, ref T value) => value = values[row];
}

internal sealed class ScoredVectors<T> : ScoredColumn<VBuffer<T>>
{
    private readonly T[] _values;
    private readonly int _width;

    public ScoredVectors(T[] values, int width)
        : base(values.Length / width)
    {
        if (values.Length % width != 0)
            throw new ArgumentException($"{values.Length} values are no whole number of vectors of length {width}.", nameof(values));
        _values = values;
        _width = width;
    }

    public override void CopyTo(int row, ref VBuffer<T> value)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, _width);
        _values.AsSpan(row * _width, _width).CopyTo(editor.Values);
        value = editor.Commit();
    }
}

internal sealed class ScoredVariableVectors<T>(T[][] rows) : ScoredColumn<VBuffer<T>>(rows.Length)
{
    public override void CopyTo(int row, ref VBuffer<T> value)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, rows[row].Length);
        rows[row].CopyTo(editor.Values);
        value = editor.Commit();
    }
}
