using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MLNetExt.Search;

/// <summary>Makes an <see cref="EmbeddingIndex"/> of a data view, which is read once.</summary>
internal sealed class IndexReader
{
    private const int PartValues = 1 << 22;
    private readonly ComponentHost _host;
    private readonly NearestNeighborsOptions _options;
    private readonly DataViewSchema.Column _id;
    private readonly DataViewSchema.Column _embedding;
    private readonly int _partRows;

    /// <exception cref="ArgumentException">A column of the index is missing or of the wrong type.</exception>
    public IndexReader(ComponentHost host, NearestNeighborsOptions options)
    {
        _host = host;
        _options = options;
        _id = Column(options.IdColumnName, "id");
        if (!ColumnText.CanRead(_id.Type))
            throw WrongType(_id, "id", "text, a key or a number");
        _embedding = Column(options.IndexColumnName, "embedding");
        if (_embedding.Type is not VectorDataViewType { IsKnownSize: true } type || type.ItemType != NumberDataViewType.Single)
            throw WrongType(_embedding, "embedding", "a vector of Single of known length");
        Dimension = type.Size;
        _partRows = Math.Max(1, PartValues / Dimension);
    }

    /// <summary>Values of an embedding.</summary>
    public int Dimension { get; }

    /// <exception cref="ArgumentException">There are fewer rows than neighbours are asked for.</exception>
    /// <exception cref="InvalidDataException">A row has no id.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public EmbeddingIndex Read()
    {
        var ids = new List<string>();
        var parts = new List<float[]>();
        long row = 0, leftOut = 0;
        VBuffer<float> buffer = default;
        var vector = new float[Dimension];
        using (DataViewRowCursor cursor = _options.Index!.GetRowCursor([_id, _embedding]))
        {
            Func<string?> getId = ColumnText.CreateReader(cursor, _id);
            ValueGetter<VBuffer<float>> getEmbedding = cursor.GetGetter<VBuffer<float>>(_embedding);
            for (; cursor.MoveNext(); row++)
            {
                if (_host.IsCanceled)
                    throw new OperationCanceledException("The context was cancelled while the index was read.");
                getEmbedding(ref buffer);
                buffer.CopyTo(vector);
                if (!TensorPrimitives.IsFiniteAll<float>(vector))
                {
                    leftOut++;
                    continue;
                }
                int place = ids.Count % _partRows;
                if (place == 0)
                    parts.Add(new float[_partRows * Dimension]);
                ids.Add(getId() ?? throw new InvalidDataException(
                    $"Row {row} of the index has no id in column '{_id.Name}': it is empty, a missing key or NaN. Leave the row out, or give it an id."));
                Span<float> target = parts[^1].AsSpan(place * Dimension, Dimension);
                if (_options.Similarity == SimilarityKind.Cosine)
                    UnitVectors.Normalize(vector, target);
                else
                    vector.CopyTo(target);
            }
        }
        if (leftOut > 0)
            _host.Warn($"{leftOut} of the index's {row} rows are left out: column '{_embedding.Name}' holds NaN or infinity there.");
        if (ids.Count < _options.Neighbors)
            throw new ArgumentException(
                $"{nameof(_options.Neighbors)} is {_options.Neighbors}, but the index has {ids.Count} rows"
                + (leftOut > 0 ? $" ({leftOut} more hold NaN or infinity in column '{_embedding.Name}')" : "") + ": ask for fewer neighbours, or add rows.");
        return new EmbeddingIndex(Join(parts, ids.Count), [.. ids], _options.Similarity);
    }

    private Tensor Join(List<float[]> parts, int rows)
    {
        using var scope = NewDisposeScope();
        Tensor joined = empty(rows, Dimension);
        for (int i = 0; i < parts.Count; i++)
        {
            using var partScope = NewDisposeScope();
            int count = Math.Min(_partRows, rows - i * _partRows);
            joined.narrow(0, (long)i * _partRows, count).copy_(tensor(parts[i], _partRows, Dimension).narrow(0, 0, count));
            parts[i] = [];
        }
        return joined.MoveToOuterDisposeScope();
    }

    private DataViewSchema.Column Column(string name, string role) => _options.Index!.Schema.GetColumnOrNull(name) ?? throw new ArgumentException(
        $"The index has no {role} column '{name}'; it has {string.Join(", ", _options.Index.Schema.Where(c => !c.IsHidden).Select(c => $"'{c.Name}'"))}.");

    private static ArgumentException WrongType(DataViewSchema.Column column, string role, string expected) => new(
        $"The index's {role} column '{column.Name}' must be {expected}, but is {column.Type}: use mlContext.Transforms.Conversion.ConvertType.");
}
