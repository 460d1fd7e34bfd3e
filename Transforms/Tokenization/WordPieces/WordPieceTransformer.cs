using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExt.Columns;
using MLNetExt.Components;

namespace MLNetExt.Tokenization;

/// <summary>Adds a token column made of a text column or of two, by WordPiece. Thread-safe.</summary>
[LoadableComponent("MLNetExt.WordPieces")]
public sealed class WordPieceTransformer : BlockScoringTransformer, ILoadableTransformer<WordPieceTransformer>
{
    private readonly WordPieceState _state;

    internal WordPieceTransformer(WordPieceTokenizer tokenizer, WordPieceState state)
    {
        Tokenizer = tokenizer;
        _state = state;
    }

    /// <summary>The tokenizer, which outlives the transformer.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <inheritdoc cref="TextTokenizer.VocabularySize"/>
    public int VocabularySize => Tokenizer.VocabularySize;

    /// <inheritdoc cref="WordPieceTokenizer.SpecialTokens"/>
    public IReadOnlyDictionary<string, int> SpecialTokens => Tokenizer.SpecialTokens;

    /// <inheritdoc cref="TextTokenizer.ToJson"/>
    public string TokenizerJson => Tokenizer.ToJson();

    /// <inheritdoc cref="WordPieceTokenizer.Encode"/>
    public int[] Encode(string text) => Tokenizer.Encode(text);

    /// <inheritdoc cref="WordPieceTokenizer.EncodePair"/>
    public (int[] Ids, int[] TokenTypes) EncodePair(string first, string second) => Tokenizer.EncodePair(first, second);

    /// <inheritdoc cref="WordPieceTokenizer.Decode"/>
    public string Decode(ReadOnlySpan<int> ids) => Tokenizer.Decode(ids);

    /// <inheritdoc cref="WordPieceTokenizer.SaveVocabulary"/>
    public void SaveVocabulary(string path) => Tokenizer.SaveVocabulary(path);

    /// <inheritdoc/>
    public static WordPieceTransformer Load(IHostEnvironment environment, ModelReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        WordPieceState state = reader.ReadState<WordPieceState>();
        WordPieceTokenizer tokenizer = WordPieceTokenizer.FromJson(TokenizerStream.Read(reader));
        return state.SecondInputColumnName is null || tokenizer.Settings.AddSpecialTokens
            ? new WordPieceTransformer(tokenizer, state)
            : throw new InvalidDataException("The model makes tokens of pairs of texts, but its tokenizer sets no special tokens between them.");
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
        return new WordPieceScorer(Tokenizer, _state, inputSchema, () => IsDisposed);
    }
}
