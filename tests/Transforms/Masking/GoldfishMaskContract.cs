using Microsoft.ML;
using MLNetExt.Masking;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Masking;

/// <summary>How the contract's clauses reach into <see cref="GoldfishMaskEstimator"/>; its subclasses differ in options.</summary>
public abstract class GoldfishMaskContract : EstimatorContract<GoldfishMaskOptions, MaskedRow, MaskPrediction>
{
    // It learns no weights: its state is all there is.
    protected override string WeightsSuffix => "component.json";

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string> { ["Tokens"] = "a vector of Int32" };

    protected override IEstimator<ITransformer> Create(MLContext ml, GoldfishMaskOptions options) => ml.Transforms.Text.GoldfishMask(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.Transforms.Text.GoldfishMask("LossMask", "Tokens", k: 3, h: 5, GoldfishStrategy.ReferenceHash, includeTarget: false);

    protected override GoldfishMaskOptions ShortOptions() => new() { K = 3, H = 5, Strategy = GoldfishStrategy.ReferenceHash, IncludeTarget = false };

    protected override MaskedRow[] Rows() => MaskedRow.Some(50, seed: 1);

    // Rows are masked one by one: there is no block size to set.
    protected override void SetBlockSize(GoldfishMaskOptions options, int rows) => Assert.IsGreaterThan(0, rows);
}

[TestClass]
public sealed class HashedMaskContractTests : GoldfishMaskContract
{
    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>
    {
        ["Tokens"] = "a vector of Int32",
        ["Documents"] = "a vector of Int32, Int64 or keys",
    };

    protected override GoldfishMaskOptions Options() => new() { H = 4, DocumentColumnName = "Documents", ExemptIds = [3, 7] };
}

[TestClass]
public sealed class ReferenceMaskContractTests : GoldfishMaskContract
{
    protected override GoldfishMaskOptions Options() => new() { H = 4, Strategy = GoldfishStrategy.ReferenceHash };
}

[TestClass]
public sealed class RandomMaskContractTests : GoldfishMaskContract
{
    protected override GoldfishMaskOptions Options() => new() { K = 2, Strategy = GoldfishStrategy.Random, Seed = 9 };
}
