using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.LanguageModeling;

/// <summary>The columns that every encoder reads.</summary>
internal static class EncoderShapes
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static void RequireTokens(this SchemaShape shape, IEncoderOptions options)
    {
        shape.Require(options.TokensColumnName, "token", "a vector of Int32", "Text.TokenizeWordPieces", IsTokens);
        if (options.TokenTypesColumnName is { } types)
            shape.Require(types, "token type", "a vector of Int32", "Text.TokenizeWordPieces of two texts", IsTokens);
    }

    private static bool IsTokens(SchemaShape.Column column) => column.ItemType == NumberDataViewType.Int32 && column.Kind != VectorKind.Scalar;
}
