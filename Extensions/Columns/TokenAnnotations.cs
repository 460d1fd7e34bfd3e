using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Columns;

/// <summary>The annotations by which a token column names its tokenizer.</summary>
public static class TokenAnnotations
{
    private const string VocabularySize = "TokenVocabularySize";
    private const string SpecialTokens = "SpecialTokens";
    private const string TokenizerJson = "TokenizerJson";
    private const string Fingerprint = "TokenizerFingerprint";
    private const int ShortFingerprint = 12;

    /// <summary>The annotations' shapes, for the column that an estimator promises.</summary>
    public static IReadOnlyList<SchemaShape.Column> Shapes { get; } =
    [
        SchemaShapes.Column(VocabularySize, VectorKind.Scalar, NumberDataViewType.Int32),
        SchemaShapes.Column(SpecialTokens, VectorKind.Scalar, TextDataViewType.Instance),
        SchemaShapes.Column(TokenizerJson, VectorKind.Scalar, TextDataViewType.Instance),
        SchemaShapes.Column(Fingerprint, VectorKind.Scalar, TextDataViewType.Instance),
    ];

    /// <summary>Reads a column's annotations.</summary>
    /// <returns>What they say; null when the column does not have them all.</returns>
    /// <exception cref="InvalidOperationException">The special tokens are no JSON object of numbers.</exception>
    public static TokenColumnInfo? Of(DataViewSchema.Column column)
    {
        DataViewSchema annotations = column.Annotations.Schema;
        if (!Shapes.All(shape => annotations.GetColumnOrNull(shape.Name)?.Type.Equals(shape.ItemType) == true))
            return null;
        int size = 0;
        column.Annotations.GetValue(VocabularySize, ref size);
        return new TokenColumnInfo(size, ReadSpecialTokens(column), Text(column, TokenizerJson), Text(column, Fingerprint));
    }

    /// <summary>Writes the annotations of a token column.</summary>
    public static void AddTo(this TokenColumnInfo tokens, DataViewSchema.Annotations.Builder annotations)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(annotations);
        int size = tokens.VocabularySize;
        annotations.Add(VocabularySize, NumberDataViewType.Int32, (ref int value) => value = size);
        Add(annotations, SpecialTokens, JsonSerializer.Serialize(tokens.SpecialTokens));
        Add(annotations, TokenizerJson, tokens.TokenizerJson);
        Add(annotations, Fingerprint, tokens.Fingerprint);
    }

    /// <summary>Says of a column of <c>mlContext.Data.LoadFromEnumerable</c> which tokenizer made its ids.</summary>
    /// <example><code>
    /// SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
    /// tokenizer.ColumnInfo.AddTo(schema[nameof(Row.Tokens)]);
    /// IDataView rows = ml.Data.LoadFromEnumerable(sequences, schema);
    /// </code></example>
    public static void AddTo(this TokenColumnInfo tokens, SchemaDefinition.Column column)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(column);
        column.AddAnnotation(VocabularySize, tokens.VocabularySize, NumberDataViewType.Int32);
        column.AddAnnotation(SpecialTokens, JsonSerializer.Serialize(tokens.SpecialTokens).AsMemory(), TextDataViewType.Instance);
        column.AddAnnotation(TokenizerJson, tokens.TokenizerJson.AsMemory(), TextDataViewType.Instance);
        column.AddAnnotation(Fingerprint, tokens.Fingerprint.AsMemory(), TextDataViewType.Instance);
    }

    /// <summary>Makes sure that a column's ids mean what a model was trained on.</summary>
    /// <param name="column">The token column.</param>
    /// <param name="expected">The fingerprint of the tokenizer that the model was trained with.</param>
    /// <exception cref="ArgumentException">Another tokenizer made the column, or it does not say which.</exception>
    public static void RequireSame(DataViewSchema.Column column, string expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        string remedy = "use the tokenizing transformer that made the training data, such as that of TokenizeBytePairs or TokenizeWordPieces, by saving it in one pipeline with the model";
        if (Of(column) is not { } tokens)
            throw new ArgumentException(
                $"Column '{column.Name}' does not say which tokenizer made it, and the model was trained on tokens of {Shorten(expected)}: {remedy}.", nameof(column));
        if (tokens.Fingerprint != expected)
            throw new ArgumentException(
                $"Column '{column.Name}' was made by the tokenizer {Shorten(tokens.Fingerprint)}, but the model was trained on tokens of {Shorten(expected)}: {remedy}.", nameof(column));
    }

    private static string Shorten(string fingerprint) => fingerprint.Length <= ShortFingerprint ? fingerprint : fingerprint[..ShortFingerprint];

    private static Dictionary<string, int> ReadSpecialTokens(DataViewSchema.Column column)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(Text(column, SpecialTokens)) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException($"Column '{column.Name}' has the annotation '{SpecialTokens}' but it is no JSON object of token ids: {e.Message}");
        }
    }

    private static string Text(DataViewSchema.Column column, string annotation)
    {
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(annotation, ref text);
        return text.ToString();
    }

    private static void Add(DataViewSchema.Annotations.Builder annotations, string name, string text) =>
        annotations.Add(name, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text.AsMemory());
}
