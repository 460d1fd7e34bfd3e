using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

public abstract class SingleWordPieceContract : WordPieceContract<TextRow, TokenPrediction>
{
    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Sentence"] = "text" };

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.Transforms.Text.TokenizeWordPieces("Tokens", "Sentence", vocabularySize: 100, lowercase: false, maxTokens: 9);

    protected override WordPieceOptions ShortOptions() => new() { InputColumnName = "Sentence", VocabularySize = 100, Lowercase = false, MaxTokens = 9 };

    // The contract's own column "Text" comes beside it.
    protected override SchemaDefinition RowSchema()
    {
        SchemaDefinition schema = base.RowSchema();
        schema[nameof(TextRow.Text)].ColumnName = "Sentence";
        return schema;
    }

    protected override TextRow[] Rows() => [.. Enumerable.Range(0, 60).Select(i => new TextRow { Text = Sentence(i) })];
}

[TestClass]
public sealed class LearnedWordPieceTests : SingleWordPieceContract
{
    protected override WordPieceOptions Options() => new() { InputColumnName = "Sentence", VocabularySize = 120 };
}

[TestClass]
public sealed class CharacterWordPieceTests : SingleWordPieceContract
{
    protected override WordPieceOptions Options() => new()
    {
        InputColumnName = "Sentence",
        MaxTokenLength = 1,
        MaxCharacters = 20,
        Lowercase = false,
        StripAccents = true,
        AddSpecialTokens = false,
        MaxTokens = 12,
    };
}

[TestClass]
public sealed class PairWordPieceTests : WordPieceContract<TextPairRow, TokenPairPrediction>
{
    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Question"] = "text", ["Answer"] = "text" };

    protected override WordPieceOptions Options() => new() { InputColumnName = "Question", SecondInputColumnName = "Answer", VocabularySize = 120, MaxTokens = 20 };

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Transforms.Text.TokenizeWordPieces("Tokens", "Question", vocabularySize: 120);

    protected override WordPieceOptions ShortOptions() => new() { InputColumnName = "Question", VocabularySize = 120 };

    protected override TextPairRow[] Rows() => [.. Enumerable.Range(0, 60).Select(i => new TextPairRow { Question = Sentence(i), Answer = Sentence(60 - i) })];
}
