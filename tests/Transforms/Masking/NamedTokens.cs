using Microsoft.ML.Data;
using MLNetExt.Columns;

namespace MLNetExt.Tests.Masking;

/// <summary>Rows whose token column says which tokenizer made it: a WordPiece of 500 tokens, of which the second half goes on with words.</summary>
internal static class NamedTokens
{
    public const int VocabularySize = 500;
    public const int Pad = 0;
    public const int Cls = 2;
    public const int Mask = 4;

    public static TokenColumnInfo Tokenizer { get; } = Create();

    public static SchemaDefinition Schema(TokenColumnInfo? tokenizer = null)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(MaskedRow));
        (tokenizer ?? Tokenizer).AddTo(schema[nameof(MaskedRow.Tokens)]);
        return schema;
    }

    private static TokenColumnInfo Create()
    {
        string[] special = ["pad", "unk", "cls", "sep", "mask"];
        IEnumerable<string> pieces = Enumerable.Range(0, VocabularySize).Select(id => $"\"{(id < 5 ? $"[{special[id]}]" : id < 250 ? $"w{id}" : $"##{id}")}\":{id}");
        string json = """{"model":{"type":"WordPiece","continuing_subword_prefix":"##","vocab":{""" + string.Join(',', pieces) + "}}}";
        return new TokenColumnInfo(VocabularySize, special.Index().ToDictionary(role => role.Item, role => role.Index), json, TokenColumnInfo.FingerprintOf(json));
    }
}
