using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

/// <summary>How the contract's clauses reach into <see cref="BytePairEstimator"/>; its subclasses differ in options.</summary>
public abstract class BytePairContract : EstimatorContract<BytePairOptions, TextRow, TokenPrediction>
{
    protected override string WeightsSuffix => "tokenizer.json";

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Sentence"] = "text" };

    protected override IEstimator<ITransformer> Create(MLContext ml, BytePairOptions options) => ml.Transforms.Text.TokenizeBytePairs(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 300, addBos: true, addEos: true, maxTokens: 9);

    protected override BytePairOptions ShortOptions() => new() { InputColumnName = "Sentence", VocabularySize = 300, AddBos = true, AddEos = true, MaxTokens = 9 };

    // The contract's own column "Text" comes beside it.
    protected override SchemaDefinition RowSchema()
    {
        SchemaDefinition schema = base.RowSchema();
        schema[nameof(TextRow.Text)].ColumnName = "Sentence";
        return schema;
    }

    protected override TextRow[] Rows() => Enumerable.Range(0, 60)
        .Select(i => new TextRow { Text = i % 15 == 0 ? "" : i % 16 == 0 ? null : $"The {i} cats sat on {i % 7} mats — naïve façade {(i % 5 == 0 ? "🐈‍⬛" : "…")}" })
        .ToArray();

    // Texts are encoded one by one: there is no block size to set.
    protected override void SetBlockSize(BytePairOptions options, int rows) => Assert.IsGreaterThan(0, rows);
}
