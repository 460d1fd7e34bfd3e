using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Components;

namespace MLNetExt.Masking;

/// <summary>Adds which tokens of a column are kept and which are dropped. Thread-safe; needs no torch.</summary>
[LoadableComponent("MLNetExt.TokenDropping")]
public sealed class TokenDroppingTransformer : TokenColumnsTransformer, ILoadableTransformer<TokenDroppingTransformer>
{
    private const string StreamName = "scores.bin";
    private readonly TokenDroppingState _state;
    private readonly float[]? _table;

    internal TokenDroppingTransformer(TokenDroppingState state, float[]? table) => (_state, _table) = (state, table);

    /// <summary>How many tokens are kept; the ids that the column's annotations pin and deny are not in it.</summary>
    public DropRule Rule => _state.Rule;

    /// <summary>The score of each id, given or counted at Fit; empty for random scores.</summary>
    public ReadOnlySpan<float> Table => _table;

    /// <inheritdoc/>
    public static TokenDroppingTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        TokenDroppingState state = reader.ReadState<TokenDroppingState>();
        float[]? table = null;
        if (state.Scoring != DropScoring.Random)
            reader.ReadStream(StreamName, stream => table = ReadTable(stream));
        return new TokenDroppingTransformer(state, table);
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
        if (_table is not null)
            writer.WriteStream(StreamName, WriteTable);
    }

    private protected override TokenColumns Bind(DataViewSchema inputSchema, Action checkAlive) => new TokenDroppingColumns(_state, _table, inputSchema, checkAlive);

    private void WriteTable(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (float score in _table!)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, score);
            stream.Write(bytes);
        }
    }

    private static float[] ReadTable(Stream stream)
    {
        if (stream.Length % sizeof(float) != 0 || stream.Length / sizeof(float) is < 1 or > TokenIds.Limit)
            throw new InvalidDataException($"The model's '{StreamName}' has {stream.Length} bytes, which are not the scores of 1 to {TokenIds.Limit} tokens.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var table = new float[bytes.Length / sizeof(float)];
        for (int id = 0; id < table.Length; id++)
            table[id] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(id * sizeof(float)));
        return table;
    }
}
