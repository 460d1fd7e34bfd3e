using System.Runtime.InteropServices;
using MLNetExt.Columns;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Tells rows that say something from texts without a letter and tokens that are all special.</summary>
internal static class EmptyRows
{
    public static bool IsEmpty(ReadOnlySpan<char> text) => text.IsWhiteSpace();

    /// <param name="tokens">A row's ids.</param>
    /// <param name="tokenizer">Knows the special ones, such as those for a text's beginning and end.</param>
    public static bool IsEmpty(ReadOnlySpan<int> tokens, TokenColumnInfo tokenizer)
    {
        foreach (int id in tokens)
        {
            if (!tokenizer.SpecialTokens.Values.Contains(id))
                return false;
        }

        return true;
    }

    /// <summary>Float32 <c>[rows, 1]</c>: NaN for a row that says nothing, otherwise 0; null when all say something.</summary>
    public static Tensor? NaNWhereEmpty(TowerShape shape, TensorBatch batch, string column)
    {
        bool[] isEmpty = shape.Input switch
        {
            ColumnKind.Text => [.. batch.Text(column).Select(text => IsEmpty(text))],
            ColumnKind.Tokens => Tokens(batch.Tokens(column), shape.Tokens!),
            _ => [],
        };
        return isEmpty.Contains(true) ? tensor(isEmpty.Select(e => e ? float.NaN : 0).ToArray()).unsqueeze(1) : null;
    }

    private static bool[] Tokens(TokenRows rows, TokenColumnInfo tokenizer)
    {
        ReadOnlySpan<long> ids = MemoryMarshal.Cast<byte, long>(rows.Ids.bytes), lengths = MemoryMarshal.Cast<byte, long>(rows.Lengths.bytes);
        int width = (int)rows.Ids.shape[1];
        var isEmpty = new bool[lengths.Length];
        for (int row = 0; row < isEmpty.Length; row++)
        {
            isEmpty[row] = true;
            foreach (long id in ids.Slice(row * width, (int)lengths[row]))
                isEmpty[row] &= tokenizer.SpecialTokens.Values.Contains((int)id);
        }

        return isEmpty;
    }
}
