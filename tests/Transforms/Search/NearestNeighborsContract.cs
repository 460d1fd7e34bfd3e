using Microsoft.ML;
using MLNetExt.Search;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Search;

/// <summary>How the contract's clauses reach into <see cref="NearestNeighborsEstimator"/>; its subclasses differ in ids and similarity.</summary>
public abstract class NearestNeighborsContract : EstimatorContract<NearestNeighborsOptions, Query, FoundNeighbors>
{
    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(NearestNeighborsOptions options);

    protected override NearestNeighborsOptions Options()
    {
        var options = new NearestNeighborsOptions { Index = Index(), IdColumnName = "Name", InputColumnName = "Wanted", Neighbors = 3 };
        Configure(options);
        return options;
    }

    protected static IDataView Index() => new MLContext(seed: 1).Data.LoadFromEnumerable(Document.Some(300, seed: 1));

    protected override IEstimator<ITransformer> Create(MLContext ml, NearestNeighborsOptions options) => ml.Transforms.NearestNeighbors(options);

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        ml.Transforms.NearestNeighbors("Ids", "Scores", "Wanted", Index(), "Name", "Embedding", 4, SimilarityKind.DotProduct);

    protected override NearestNeighborsOptions ShortOptions() => new()
    {
        Index = Index(),
        IdColumnName = "Name",
        InputColumnName = "Wanted",
        Neighbors = 4,
        OutputIdsColumnName = "Ids",
        OutputScoresColumnName = "Scores",
        Similarity = SimilarityKind.DotProduct,
    };

    protected override Query[] Rows() => [.. Document.Some(40, seed: 2).Select(d => new Query { Wanted = d.Embedding })];

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } =
        new Dictionary<string, string> { ["Wanted"] = "a vector of Single of known length" };

    protected override void SetBlockSize(NearestNeighborsOptions options, int rows) => options.ScoringBlockSize = rows;
}

[TestClass]
public sealed class CosineNeighborsTests : NearestNeighborsContract
{
    protected override void Configure(NearestNeighborsOptions options) => options.Neighbors = 3;
}

[TestClass]
public sealed class DotProductNeighborsTests : NearestNeighborsContract
{
    protected override void Configure(NearestNeighborsOptions options) =>
        (options.Similarity, options.IdColumnName, options.Neighbors) = (SimilarityKind.DotProduct, "Number", 300);
}
