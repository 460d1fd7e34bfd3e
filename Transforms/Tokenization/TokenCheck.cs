using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Tokenization;

/// <summary>Checks of a token column that another transform reads.</summary>
/// <param name="column">The column's name.</param>
/// <param name="vocabularySize">How many tokens there are, when that is known.</param>
/// <param name="remedy">How to mend a wrong id.</param>
/// <param name="ignoreId">An id that is none of a token and allowed nevertheless, such as that of padding.</param>
/// <param name="source">Who says how many tokens there are.</param>
internal sealed class TokenCheck(string column, int? vocabularySize, string remedy, int? ignoreId = null, string source = "the column")
{
    private readonly int _last = vocabularySize is { } size ? size - 1 : int.MaxValue;

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds no tokens.</exception>
    public static SchemaShape.Column Require(SchemaShape shape, string name) =>
        shape.Require(name, "token", "a vector of Int32", "Text.TokenizeBytePairs or Text.TokenizeWordPieces, or Conversion.ConvertType to Int32", AreTokens);

    public static bool AreTokens(SchemaShape.Column column) => column.Kind != VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Int32;

    /// <summary>Whether the column's annotations say which tokenizer made it.</summary>
    public static bool NamesTokenizer(SchemaShape.Column column) => TokenAnnotations.Shapes.All(shape => column.Annotations.Find(shape.Name) is not null);

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, it holds no tokens, or it does not say which tokenizer made it although options leave that open.</exception>
    public static SchemaShape.Column RequireNamed(SchemaShape shape, string name, IEnumerable<string> openOptions)
    {
        SchemaShape.Column tokens = Require(shape, name);
        string[] open = [.. openOptions];
        return open.Length == 0 || NamesTokenizer(tokens)
            ? tokens
            : throw new ArgumentOutOfRangeException(
                nameof(shape), $"The token column '{name}' does not say which tokenizer made it: use the column that a tokenizer adds, or set {string.Join(", ", open)}.");
    }

    /// <exception cref="InvalidDataException">An id is negative, or outside the vocabulary.</exception>
    public void Ids(ReadOnlySpan<int> ids, long row)
    {
        int at = -1;
        while (ids[(at + 1)..].IndexOfAnyExceptInRange(0, _last) is >= 0 and int skipped)
        {
            at += skipped + 1;
            if (ids[at] != ignoreId)
                throw new InvalidDataException(
                    $"Row {row} of column '{column}' holds the token id {ids[at]} at place {at}: ids "
                    + (vocabularySize is null ? "are not negative" : $"lie in [0, {vocabularySize}), which is the vocabulary that {source} names") + $". {remedy}");
        }
    }
}
