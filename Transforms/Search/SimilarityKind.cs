namespace MLNetExt.Search;

/// <summary>How alike two embeddings are.</summary>
public enum SimilarityKind
{
    /// <summary>The cosine of the angle between them, in [-1, 1]; 0 when one of them is a zero vector.</summary>
    Cosine,

    /// <summary>Their dot product, for embeddings whose length has a meaning.</summary>
    DotProduct,
}
