using Microsoft.ML.Data;

namespace MLNetExt.Tests.Search;

/// <summary>A row to find neighbours for.</summary>
public sealed class Query
{
    [VectorType(Document.Dimension)]
    public float[] Wanted { get; set; } = [];
}
