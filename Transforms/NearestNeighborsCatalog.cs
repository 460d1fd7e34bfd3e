using MLNetExt.Components;
using MLNetExt.Search;

namespace Microsoft.ML;

/// <summary>Nearest-neighbour search in ML.NET's catalog of transforms.</summary>
public static class NearestNeighborsCatalog
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>Adds the ids and similarities of the nearest neighbours in an index of embeddings, found exactly.</summary>
        /// <param name="outputIdsColumnName">The column to add for ids: a vector of text, nearest first.</param>
        /// <param name="outputScoresColumnName">The column to add for similarities: a vector of Single, from high to low; equal ones in the order of the index.</param>
        /// <param name="inputColumnName">The queries' embeddings: a vector of Single as long as the index's.</param>
        /// <param name="index">The rows to search among; Fit reads them once, and the model stores them.</param>
        /// <param name="idColumnName">The index's ids: a text, key or number column; all become text.</param>
        /// <param name="indexColumnName">The index's embeddings: a vector of Single of known length.</param>
        /// <param name="neighbors">How many neighbours each query gets; from 1 to the rows of the index.</param>
        /// <param name="similarity">What the neighbours are ranked by.</param>
        /// <exception cref="ArgumentException">A value cannot be used; the message names it.</exception>
        /// <example><code>
        /// var search = ml.Transforms.NearestNeighbors("NeighborIds", "NeighborScores", "RightEmbedding", images, "Path", "LeftEmbedding", neighbors: 5).Fit(queries);
        /// IDataView found = search.Transform(queries);
        /// </code></example>
        public NearestNeighborsEstimator NearestNeighbors(
            string outputIdsColumnName,
            string outputScoresColumnName,
            string inputColumnName,
            IDataView index,
            string idColumnName,
            string indexColumnName,
            int neighbors = 10,
            SimilarityKind similarity = SimilarityKind.Cosine) => catalog.NearestNeighbors(new NearestNeighborsOptions
            {
                OutputIdsColumnName = outputIdsColumnName,
                OutputScoresColumnName = outputScoresColumnName,
                InputColumnName = inputColumnName,
                Index = index,
                IdColumnName = idColumnName,
                IndexColumnName = indexColumnName,
                Neighbors = neighbors,
                Similarity = similarity,
            });

        /// <summary>Adds the ids and similarities of the nearest neighbours in an index of embeddings, found exactly.</summary>
        /// <param name="options">The options; they are read at Fit.</param>
        /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
        public NearestNeighborsEstimator NearestNeighbors(NearestNeighborsOptions options) => new(catalog.GetEnvironment(), options);
    }
}
