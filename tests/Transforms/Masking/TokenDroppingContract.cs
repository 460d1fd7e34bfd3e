using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Masking;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Masking;

/// <summary>How the contract's clauses reach into <see cref="TokenDroppingEstimator"/>; its subclasses differ in options.</summary>
public abstract class TokenDroppingContract : EstimatorContract<TokenDroppingOptions, MaskedRow, KeptTokens>
{
    protected override string WeightsSuffix => "scores.bin";

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Tokens"] = "a vector of Int32" };

    protected override IEstimator<ITransformer> Create(MLContext ml, TokenDroppingOptions options) => ml.Transforms.Text.TokenDropping(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Transforms.Text.TokenDropping("Places", "Mask", "Tokens", keepRatio: 0.7, DropScoring.Random);

    protected override TokenDroppingOptions ShortOptions() => new() { OutputColumnName = "Places", MaskColumnName = "Mask", KeepRatio = 0.7, Scoring = DropScoring.Random };

    protected override MaskedRow[] Rows() => MaskedRow.Some(50, seed: 1);

    protected override SchemaDefinition RowSchema() => NamedTokens.Schema();

    // Rows are taken one by one: there is no block size to set.
    protected override void SetBlockSize(TokenDroppingOptions options, int rows) => Assert.IsGreaterThan(0, rows);
}

[TestClass]
public sealed class FrequencyDroppingContractTests : TokenDroppingContract
{
    protected override TokenDroppingOptions Options() => new() { SortByPosition = true };
}

[TestClass]
public sealed class TableDroppingContractTests : TokenDroppingContract
{
    protected override TokenDroppingOptions Options() =>
        new() { Scoring = DropScoring.Table, Table = [.. Enumerable.Range(0, NamedTokens.VocabularySize).Select(id => id * 7 % 31 / 3f)], KeepCount = 20 };
}

[TestClass]
public sealed class RandomDroppingContractTests : TokenDroppingContract
{
    // It learns nothing: its state is all there is.
    protected override string WeightsSuffix => "component.json";

    protected override TokenDroppingOptions Options() => new() { Scoring = DropScoring.Random, Seed = 5, Epoch = 1 };
}
