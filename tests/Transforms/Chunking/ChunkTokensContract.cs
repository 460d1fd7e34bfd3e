using Microsoft.ML;
using MLNetExt.Chunking;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Chunking;

/// <summary>How the contract's clauses reach into <see cref="ChunkTokensEstimator"/>; its subclasses differ in options.</summary>
public abstract class ChunkTokensContract : EstimatorContract<ChunkTokensOptions, DocumentRow, ChunkPrediction>
{
    protected override bool MapsRows => false;

    // It learns no weights: its state is all there is.
    protected override string WeightsSuffix => "component.json";

    protected override IEstimator<ITransformer> Create(MLContext ml, ChunkTokensOptions options) => ml.Transforms.Text.ChunkTokens(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.Transforms.Text.ChunkTokens("Ids", "Tokens", length: 5, packed: true, alignedColumnNames: ["LossMask"]);

    protected override ChunkTokensOptions ShortOptions() =>
        new() { OutputColumnName = "Ids", InputColumnName = "Tokens", Length = 5, Packed = true, AlignedColumnNames = ["LossMask"] };

    protected override DocumentRow[] Rows() => DocumentRow.OfLengths(7, 0, 1, 30, 2, 3, 16, 0);

    // Documents are cut one by one: there is no block size to set.
    protected override void SetBlockSize(ChunkTokensOptions options, int rows) => Assert.IsGreaterThan(0, rows);
}

[TestClass]
public sealed class PackedChunkContractTests : ChunkTokensContract
{
    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>
    {
        ["Tokens"] = "a vector of Int32",
        ["LossMask"] = "a vector of numbers, keys or Booleans",
    };

    protected override ChunkTokensOptions Options() => new() { Length = 4, Packed = true, SeparatorId = 2, AlignedColumnNames = ["LossMask", "Flags"] };
}

[TestClass]
public sealed class DocumentChunkContractTests : ChunkTokensContract
{
    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>
    {
        ["Tokens"] = "a vector of Int32",
        ["Flags"] = "a vector of numbers, keys or Booleans",
    };

    protected override ChunkTokensOptions Options() => new() { Length = 6, AlignedColumnNames = ["Flags"], CarriedColumnNames = ["Title"], DocumentColumnName = "Number" };
}
