using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

/// <summary>How the contract's clauses reach into <see cref="TokenDecodingEstimator"/>, whose only options are names.</summary>
[TestClass]
public sealed class TokenDecodingContractTests : EstimatorContract<TokenDecodingContractTests.Names, TokenDecodingContractTests.TokenRow, TokenDecodingContractTests.Decoded>
{
    private static readonly Lazy<BytePairTokenizer> s_tokenizer = new(() =>
    {
        var ml = new MLContext(seed: 1);
        IDataView texts = ml.Data.LoadFromEnumerable(Texts().Select(text => new TextRow { Text = text }));
        return ml.Transforms.Text.TokenizeBytePairs("Tokens", "Text", vocabularySize: 300, addBos: true).Fit(texts).Tokenizer;
    });

    public sealed class Names
    {
        public string Output { get; set; } = "Again";

        public string Input { get; set; } = "Ids";
    }

    public sealed class TokenRow
    {
        public int[] Ids { get; set; } = [];
    }

    public sealed class Decoded : IPrediction
    {
        public string Again { get; set; } = "";

        public double[] Numbers() => [.. Again.Select(c => (double)c)];
    }

    protected override string WeightsSuffix => "component.json";

    protected override bool HasSearchableOptions => false;

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Ids"] = "a vector of Int32 that names its tokenizer" };

    protected override Names Options() => new();

    protected override Names ShortOptions() => new() { Output = "Ids" };

    protected override IEstimator<ITransformer> Create(MLContext ml, Names options) => ml.Transforms.Text.DecodeTokens(options.Output, options.Input);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Transforms.Text.DecodeTokens("Ids");

    protected override TokenRow[] Rows() => [.. Texts().Select(text => new TokenRow { Ids = s_tokenizer.Value.Encode(text) })];

    /// <summary>The ids with the annotations by which they name their tokenizer.</summary>
    protected override SchemaDefinition RowSchema()
    {
        SchemaDefinition schema = base.RowSchema();
        var annotations = new DataViewSchema.Annotations.Builder();
        s_tokenizer.Value.ColumnInfo.AddTo(annotations);
        DataViewSchema.Annotations all = annotations.ToAnnotations();
        foreach (DataViewSchema.Column annotation in all.Schema)
        {
            if (annotation.Type is TextDataViewType)
                Add<ReadOnlyMemory<char>>(annotation);
            else
                Add<int>(annotation);
        }
        return schema;

        void Add<T>(DataViewSchema.Column annotation)
        {
            T value = default!;
            all.GetValue(annotation.Name, ref value);
            schema[nameof(TokenRow.Ids)].AddAnnotation(annotation.Name, value, annotation.Type);
        }
    }

    // Rows are decoded one by one, in blocks of one size.
    protected override void SetBlockSize(Names options, int rows) => Assert.IsGreaterThan(0, rows);

    private static string[] Texts() =>
        [.. Enumerable.Range(0, 60).Select(i => i % 15 == 0 ? "" : $"The {i} cats — naïve {(i % 5 == 0 ? "🐈‍⬛" : "…")}{new string('!', i % 7 * 9)}")];
}
