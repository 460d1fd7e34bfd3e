using System.Text;
using MLNetExt.Components;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Search;

/// <summary>An index in a model: embeddings as safetensors, and beside them the ids.</summary>
internal static class IndexFile
{
    private const string Embeddings = "embeddings";
    private const string IdsName = "ids.bin";

    public static void Write(ModelWriter writer, EmbeddingIndex index)
    {
        writer.WriteWeights([KeyValuePair.Create(Embeddings, index.Rows)]);
        writer.WriteStream(IdsName, stream =>
        {
            using var texts = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
            foreach (string id in index.Ids)
                texts.Write(id);
        });
    }

    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public static EmbeddingIndex Read(ModelReader reader, SimilarityKind similarity)
    {
        using SafetensorsReader weights = reader.ReadWeights();
        SafetensorsEntry stored = weights[Embeddings];
        if (stored.DType != ScalarType.Float32 || stored.Shape is not [>= 1 and <= int.MaxValue and var rows, >= 1 and <= int.MaxValue])
            throw new InvalidDataException("The model's embeddings must be a matrix of F32 with at least one row.");
        // One id after another, so that nothing is allocated that the file only promises.
        var ids = new List<string>();
        reader.ReadStream(IdsName, stream => ReadIds(stream, ids, rows));
        return new EmbeddingIndex(weights.Read(Embeddings), [.. ids], similarity);
    }

    private static void ReadIds(Stream stream, List<string> ids, long rows)
    {
        using var texts = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            while (ids.Count < rows)
                ids.Add(texts.ReadString());
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or FormatException)
        {
            throw new InvalidDataException($"The model is damaged: id {ids.Count} of {rows} cannot be read.");
        }
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"The model is damaged: it has more ids than its {rows} embeddings.");
    }
}
