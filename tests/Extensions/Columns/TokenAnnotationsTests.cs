using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Tests.Columns;

[TestClass]
public sealed class TokenAnnotationsTests
{
    private const string Json = """{"model":{}}""";
    private static readonly TokenColumnInfo s_info = new(300, new Dictionary<string, int> { ["pad"] = 0, ["mask"] = 299 }, Json, TokenColumnInfo.FingerprintOf(Json));

    [TestMethod]
    public void What_is_written_is_read()
    {
        TokenColumnInfo? read = TokenAnnotations.Of(Column(s_info));
        Assert.IsNotNull(read);
        Assert.AreEqual(300, read.VocabularySize);
        CollectionAssert.AreEquivalent(s_info.SpecialTokens.ToArray(), read.SpecialTokens.ToArray());
        Assert.AreEqual(Json, read.TokenizerJson);
        Assert.AreEqual(s_info.Fingerprint, read.Fingerprint);
    }

    [TestMethod]
    public void Shapes_are_those_of_the_annotations()
    {
        SchemaShape.Column delivered = SchemaShapes.Of(Schema(s_info))[0];
        CollectionAssert.AreEquivalent(Describe(TokenAnnotations.Shapes), Describe(delivered.Annotations));
        Assert.AreEqual(VectorKind.VariableVector, delivered.Kind);
    }

    [TestMethod]
    public void Column_without_the_annotations_has_none() =>
        Assert.IsNull(TokenAnnotations.Of(Sentence.Data(0).Schema["Tokens"]));

    [TestMethod]
    public void Fingerprint_is_the_known_hash() =>
        Assert.AreEqual("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", TokenColumnInfo.FingerprintOf("abc"));

    [TestMethod]
    public void Another_tokenizer_is_refused_by_column_and_fingerprints()
    {
        TokenAnnotations.RequireSame(Column(s_info), s_info.Fingerprint);
        string expected = TokenColumnInfo.FingerprintOf("abc");
        string message = Assert.ThrowsExactly<ArgumentException>(() => TokenAnnotations.RequireSame(Column(s_info), expected)).Message;
        StringAssert.Contains(message, "'Tokens'");
        StringAssert.Contains(message, s_info.Fingerprint[..12]);
        StringAssert.Contains(message, "ba7816bf8f01");
        string none = Assert.ThrowsExactly<ArgumentException>(() => TokenAnnotations.RequireSame(Sentence.Data(0).Schema["Tokens"], expected)).Message;
        StringAssert.Contains(none, "does not say which tokenizer");
    }

    private static DataViewSchema.Column Column(TokenColumnInfo info) => Schema(info)[0];

    private static DataViewSchema Schema(TokenColumnInfo info)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        info.AddTo(annotations);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Tokens", new VectorDataViewType(NumberDataViewType.Int32), annotations.ToAnnotations());
        return schema.ToSchema();
    }

    private static string[] Describe(IEnumerable<SchemaShape.Column> columns) => [.. columns.Select(c => $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey}")];
}
