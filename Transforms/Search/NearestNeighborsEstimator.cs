using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetExt.Components;
using MLNetExt.Torch;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Search;

/// <summary>Finds the nearest neighbours of each row's embedding in an index of embeddings, exactly.</summary>
/// <remarks>
/// Fit reads the index, not its input; the model stores the index. Rows of the index whose embedding holds NaN or infinity are left out
/// with a warning. A query with NaN or infinity gets empty ids and NaN scores. See docs/retrieval.md.
/// </remarks>
public sealed class NearestNeighborsEstimator : IEstimator<NearestNeighborsTransformer>
{
    private readonly ComponentHost _host;
    private readonly NearestNeighborsOptions _options;

    internal NearestNeighborsEstimator(IHostEnvironment environment, NearestNeighborsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = new ComponentHost(environment, nameof(NearestNeighborsEstimator));
        _options = options;
    }

    /// <summary>Reads the index.</summary>
    /// <param name="input">Data with the queries' column; only their schema is looked at.</param>
    /// <exception cref="ArgumentException">A column is missing, of the wrong type or of another width, an option cannot be used, or the
    /// index has fewer rows than neighbours are asked for.</exception>
    /// <exception cref="InvalidDataException">A row of the index has no id; the message names it.</exception>
    public NearestNeighborsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _options.Validate();
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        LibTorch.EnsureLoaded();
        var transformer = new NearestNeighborsTransformer(new IndexReader(_host, _options).Read(), NearestNeighborsState.Of(_options));
        try
        {
            transformer.GetOutputSchema(input.Schema);
            return transformer;
        }
        catch
        {
            transformer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The queries' column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Require(
            _options.InputColumnName, "query", "a vector of Single of known length", "Conversion.ConvertType",
            c => !c.IsKey && c.Kind != VectorKind.VariableVector && c.ItemType == NumberDataViewType.Single);
        return inputSchema.With(
            SchemaShapes.Column(_options.OutputIdsColumnName, VectorKind.Vector, TextDataViewType.Instance),
            SchemaShapes.Column(_options.OutputScoresColumnName, VectorKind.Vector, NumberDataViewType.Single));
    }
}
