using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Masking;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Masking;

/// <summary>How the contract's clauses reach into <see cref="MaskTokensEstimator"/>; its subclasses differ in options.</summary>
public abstract class MaskTokensContract : EstimatorContract<MaskTokensOptions, MaskedRow, CorruptedRow>
{
    // It learns no weights: its state is all there is.
    protected override string WeightsSuffix => "component.json";

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Tokens"] = "a vector of Int32" };

    protected override IEstimator<ITransformer> Create(MLContext ml, MaskTokensOptions options) => ml.Transforms.Text.MaskTokens(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) => ml.Transforms.Text.MaskTokens("Read", "Predict", "Tokens", rate: 0.3, wholeWords: true, epoch: 2);

    protected override MaskTokensOptions ShortOptions() =>
        new() { OutputColumnName = "Read", LabelColumnName = "Predict", Rate = 0.3, WholeWords = true, Epoch = 2 };

    protected override MaskedRow[] Rows() => MaskedRow.Some(50, seed: 1);

    protected override SchemaDefinition RowSchema() => NamedTokens.Schema();

    // Rows are masked one by one: there is no block size to set.
    protected override void SetBlockSize(MaskTokensOptions options, int rows) => Assert.IsGreaterThan(0, rows);
}

[TestClass]
public sealed class MaskTokensContractTests : MaskTokensContract
{
    protected override MaskTokensOptions Options() => new() { WeightColumnName = "MaskWeights", Seed = 3, Epoch = 4 };
}

[TestClass]
public sealed class WholeWordContractTests : MaskTokensContract
{
    protected override MaskTokensOptions Options() => new() { WholeWords = true, Rate = 0.25 };
}

[TestClass]
public sealed class GivenIdsMaskContractTests : MaskTokensContract
{
    protected override MaskTokensOptions Options() => new() { VocabularySize = 500, MaskId = 499, SpecialIds = [0, 1], WholeWords = true, ContinuationIds = [7, 8, 9] };

    protected override SchemaDefinition RowSchema() => SchemaDefinition.Create(typeof(MaskedRow));

    // It cannot name ids, which this column needs: the other subclasses compare the two.
    protected override bool ShortOverloadFits => false;
}
