using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Evaluation;

internal sealed class DocumentRow
{
    [VectorType]
    public int[] Tokens { get; set; } = [];

    [VectorType]
    public float[] LossMask { get; set; } = [];

    public string Text { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [0, 0];

    public static IDataView Load(MLContext ml, params IEnumerable<int[]> documents) =>
        ml.Data.LoadFromEnumerable(documents.Select(tokens => new DocumentRow { Tokens = tokens }).ToArray());

    /// <summary>Documents whose token column names a tokenizer with these special tokens and this fingerprint.</summary>
    public static IDataView Load(MLContext ml, IEnumerable<DocumentRow> documents, string specialTokens = "{}", string fingerprint = "f")
    {
        var schema = SchemaDefinition.Create(typeof(DocumentRow));
        SchemaDefinition.Column tokens = schema[nameof(Tokens)];
        tokens.AddAnnotation("TokenVocabularySize", 100, NumberDataViewType.Int32);
        tokens.AddAnnotation("SpecialTokens", specialTokens.AsMemory(), TextDataViewType.Instance);
        tokens.AddAnnotation("TokenizerJson", "{}".AsMemory(), TextDataViewType.Instance);
        tokens.AddAnnotation("TokenizerFingerprint", fingerprint.AsMemory(), TextDataViewType.Instance);
        return ml.Data.LoadFromEnumerable(documents.ToArray(), schema);
    }
}
