using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Evaluation;

/// <summary>Columns of vectors, such as ids, and what a model knows of them.</summary>
internal static class TokenColumns
{
    public const string Remedy = "make tokens with Text.TokenizeBytePairs, or convert it with Conversion.ConvertType";

    public static bool IsVectorOf(DataViewSchema.Column column, DataViewType item) => column.Type is VectorDataViewType vector && vector.ItemType.Equals(item);

    /// <summary>Reads a vector as an array, whatever its length.</summary>
    public static Func<T[]> Values<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return () =>
        {
            getter(ref buffer);
            return [.. buffer.DenseValues()];
        };
    }

    /// <param name="ids">The ids.</param>
    /// <param name="vocabularySize">The ids that the model knows; <see cref="int.MaxValue"/> when that is not known.</param>
    /// <param name="owner">What messages say the ids are of.</param>
    /// <exception cref="ArgumentException">An id is outside the vocabulary.</exception>
    public static void RequireKnown(int[] ids, int vocabularySize, string owner)
    {
        int outside = Array.FindIndex(ids, id => id < 0 || id >= vocabularySize);
        if (outside >= 0)
            throw new ArgumentException(
                $"Token {outside} of {owner} is {ids[outside]}, " +
                (vocabularySize == int.MaxValue ? "and ids are not negative." : $"and the model knows the ids 0 to {vocabularySize - 1}: use the tokenizer that the model was trained with."));
    }
}
