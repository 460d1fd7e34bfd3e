using MLNetExt.Evaluation;

namespace Microsoft.ML;

/// <summary>MLNetExt's evaluators on <see cref="ContrastiveCatalog"/>.</summary>
public static class ContrastiveEvaluationCatalog
{
    extension(ContrastiveCatalog catalog)
    {
        /// <summary>Measures how well the embeddings of pairs find each other: recall@k, median rank and mean reciprocal rank, in both directions.</summary>
        /// <remarks>
        /// Every row of one column is a query among all rows of the other, ranked by cosine similarity, exactly. A rank is 1 + the number of
        /// candidates that do not match and score at least as high as the best match: equal scores count against the query. The data are
        /// read once; memory holds the embeddings and a block of scores, never all scores. Rows with NaN or infinity in an embedding, such as
        /// missing images, are left out and counted. See docs/retrieval.md.
        /// </remarks>
        /// <param name="data">Rows with two embeddings each, such as the output of <c>model.Transform</c>; the embeddings of a row match.</param>
        /// <param name="leftColumnName">One side's embeddings: a vector of Single of known length; it need not be of unit length.</param>
        /// <param name="rightColumnName">The other side's embeddings, of the same dimension.</param>
        /// <param name="groupColumnName">Rows of one group match each other, repeated captions for example: a text, key or number column. A row
        /// whose group is missing (empty text, key 0, NaN) matches itself alone. Null when every row does.</param>
        /// <param name="at">The k of recall@k, each at least 1; 1, 5 and 10 when none is given.</param>
        /// <exception cref="ArgumentException">A column is missing or has the wrong type, the dimensions differ, or a k is below 1; the message names it.</exception>
        /// <exception cref="InvalidOperationException">There are no rows, or none with finite embeddings.</exception>
        /// <exception cref="DllNotFoundException">The application references no libtorch; the message names the package.</exception>
        public RetrievalMetrics EvaluateRetrieval(
            IDataView data,
            string leftColumnName = "LeftEmbedding",
            string rightColumnName = "RightEmbedding",
            string? groupColumnName = null,
            params int[] at)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            ArgumentNullException.ThrowIfNull(data);
            ArgumentNullException.ThrowIfNull(at);
            return RetrievalOfDataView.Evaluate(data, leftColumnName, rightColumnName, groupColumnName, at);
        }
    }
}
