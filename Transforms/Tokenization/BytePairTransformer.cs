using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;

namespace MLNetExt.Tokenization;

/// <summary>Adds a token column made of a text column. Thread-safe.</summary>
[LoadableComponent("MLNetExt.BytePairs")]
public sealed class BytePairTransformer : BlockScoringTransformer, ILoadableTransformer<BytePairTransformer>
{
    private readonly TokenizationState _state;

    internal BytePairTransformer(BytePairTokenizer tokenizer, TokenizationState state)
    {
        Tokenizer = tokenizer;
        _state = state;
    }

    /// <summary>The tokenizer, which outlives the transformer.</summary>
    public BytePairTokenizer Tokenizer { get; }

    /// <inheritdoc cref="BytePairTokenizer.VocabularySize"/>
    public int VocabularySize => Tokenizer.VocabularySize;

    /// <inheritdoc cref="BytePairTokenizer.SpecialTokens"/>
    public IReadOnlyDictionary<string, int> SpecialTokens => Tokenizer.SpecialTokens;

    /// <inheritdoc cref="BytePairTokenizer.ToJson"/>
    public string TokenizerJson => Tokenizer.ToJson();

    /// <inheritdoc cref="BytePairTokenizer.Encode"/>
    public int[] Encode(string text) => Tokenizer.Encode(text);

    /// <inheritdoc cref="BytePairTokenizer.Decode"/>
    public string Decode(ReadOnlySpan<int> ids) => Tokenizer.Decode(ids);

    /// <inheritdoc cref="BytePairTokenizer.SaveVocabulary"/>
    public void SaveVocabulary(string folder) => Tokenizer.SaveVocabulary(folder);

    /// <inheritdoc/>
    public static BytePairTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        TokenizationState state = reader.ReadState<TokenizationState>();
        return new BytePairTransformer(BytePairTokenizer.FromJson(TokenizerStream.Read(reader)), state);
    }

    /// <inheritdoc/>
    protected override void Save(ModelWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteState(_state);
        TokenizerStream.Write(writer, TokenizerJson);
    }

    /// <inheritdoc/>
    protected override BlockScorer Bind(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return new BytePairScorer(Tokenizer, _state, inputSchema, () => IsDisposed);
    }
}
