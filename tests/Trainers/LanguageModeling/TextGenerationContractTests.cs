using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>How the contract's clauses reach into <see cref="TextGenerationEstimator"/>; its subclasses differ in the prompts' column and in how tokens are chosen.</summary>
public abstract class TextGenerationContract(string promptColumn) : EstimatorContract<GenerationOptions, PromptRow, GeneratedText>, IDisposable
{
    // The default of 64 new tokens fits the context.
    private static readonly Lazy<CausalLanguageModelTransformer> s_model = new(() => TinyModel.Fit(change: o =>
        (o.Network.ContextLength, o.Network.Width, o.Network.Layers) = (80, 16, 1)));

    private CausalLanguageModelTransformer? _inOtherBlocks;

    public void Dispose()
    {
        _inOtherBlocks?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, GenerationOptions options) =>
        ml.LanguageModeling.GenerateText(_inOtherBlocks ?? s_model.Value, "Generated", promptColumn, options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.LanguageModeling.GenerateText(s_model.Value, inputColumnName: promptColumn);

    protected override GenerationOptions ShortOptions() => new();

    // Texts recur: i and i + 20 are equal.
    protected override PromptRow[] Rows() =>
        [.. SentenceRow.Many(40).Select(r => new PromptRow { Prompt = r.Sentence, Tokens = s_model.Value.Encode(r.Sentence) })];

    protected override SchemaDefinition RowSchema()
    {
        SchemaDefinition schema = base.RowSchema();
        s_model.Value.Tokenizer!.ColumnInfo.AddTo(schema[nameof(PromptRow.Tokens)]);
        return schema;
    }

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { [promptColumn] = "text, or tokens (a vector of Int32)" };

    protected override bool HasSearchableOptions => false;

    protected override int PredictionsForMemory => 1_000;

    // It is the model that says how many rows are continued at once.
    protected override void SetBlockSize(GenerationOptions options, int rows)
    {
        _inOtherBlocks?.Dispose();
        CausalModel model = s_model.Value.Model;
        _inOtherBlocks = new CausalLanguageModelTransformer(CausalModel.Copy(model.State with { ScoringBlockSize = rows }, model.Network));
    }
}

[TestClass]
public sealed class TextPromptTests() : TextGenerationContract("Prompt")
{
    protected override GenerationOptions Options() => new() { MaxNewTokens = 3, StopStrings = ["zz"] };
}

/// <summary>Tokens, and a text that is drawn.</summary>
[TestClass]
public sealed class TokenPromptTests() : TextGenerationContract("Tokens")
{
    protected override GenerationOptions Options() => new() { MaxNewTokens = 3, Temperature = 2, TopK = 9, TopP = 0.95, RepetitionPenalty = 1.2, Seed = 4 };
}
