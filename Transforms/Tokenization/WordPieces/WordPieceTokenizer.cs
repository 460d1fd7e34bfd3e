using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;
using MLNetExt.Columns;

namespace MLNetExt.Tokenization;

/// <summary>WordPiece, as BERT uses it: each word of a text becomes the longest tokens of the vocabulary that make it up, from the left; those that go on
/// with a word begin with <c>##</c>. Thread-safe.</summary>
/// <remarks>A word of which a part is not in the vocabulary becomes <c>unk</c> as a whole. Text never gives another special token, even when it spells one:
/// <c>[SEP]</c> in a text is three words.</remarks>
public sealed class WordPieceTokenizer : TextTokenizer
{
    private readonly WordPieceModel _model;
    private readonly BertTokenizer _encoder;
    private readonly int _start;
    private readonly int _separator;
    private readonly string _json;

    internal WordPieceTokenizer(WordPieceModel model)
    {
        Dictionary<string, int> roles = model.Check();
        _model = model;
        Settings.Check();
        (_start, _separator) = (roles[WordPieceModel.Start], roles[WordPieceModel.Separator]);
        SpecialTokens = roles;
        if (Settings.MaxTokens is { } most && most <= TokensAround(isPair: false))
            throw new InvalidDataException($"The most tokens of a text, {most}, leave no room beside the {TokensAround(isPair: false)} special tokens around it.");
        using var vocabulary = new MemoryStream(Encoding.UTF8.GetBytes(WordPieceFile.Write(model.Tokens)));
        _encoder = BertTokenizer.Create(vocabulary, new BertOptions
        {
            UnknownToken = model.Tokens[roles[WordPieceModel.Unknown]],
            PaddingToken = model.Tokens[roles[WordPieceModel.Pad]],
            ClassificationToken = model.Tokens[_start],
            SeparatorToken = model.Tokens[_separator],
            MaskingToken = model.Tokens[roles[WordPieceModel.Mask]],
            ContinuingSubwordPrefix = WordPieceModel.Prefix,
            MaxInputCharsPerWord = Settings.MaxWordLength,
            PreTokenizer = BertWords.Instance,
            // Text comes normalised, and special tokens in it are text.
            ApplyBasicTokenization = false,
            SplitOnSpecialTokens = false,
        });
        _json = WordPieceJsonWriter.Write(model, roles);
        Fingerprint = TokenColumnInfo.FingerprintOf(_json);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _model.Tokens.Count;

    /// <summary>The ids of the special tokens by role: <c>pad</c>, <c>unk</c>, <c>cls</c> (a text's start), <c>sep</c> (its end), <c>mask</c>, and what others a file has.</summary>
    public override IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <inheritdoc/>
    public override string Fingerprint { get; }

    /// <inheritdoc/>
    public override int? MaxTokens => Settings.MaxTokens;

    /// <summary>Whether text is put in lower case.</summary>
    public bool Lowercase => Settings.Lowercase;

    /// <summary>Whether accents are left out.</summary>
    public bool StripAccents => Settings.StripAccents;

    internal WordPieceSettings Settings => _model.Settings;

    /// <summary>Makes a tokenizer from Hugging Face's <c>tokenizer.json</c>, which is also what <see cref="ToJson"/> writes.</summary>
    /// <exception cref="InvalidDataException">It is damaged, it is no WordPiece, or it has a setting that is not supported; the message names it.</exception>
    /// <exception cref="NotSupportedException">It normalises Unicode, for which the process lacks the data (invariant globalization).</exception>
    public static new WordPieceTokenizer FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new WordPieceTokenizer(WordPieceJsonReader.Read(json));
    }

    /// <summary>Makes a tokenizer from BERT's <c>vocab.txt</c>, a token a line, which <see cref="SaveVocabulary"/> writes. It sets <c>cls</c> before a text and <c>sep</c> after it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lowercase">Whether text is put in lower case.</param>
    /// <param name="stripAccents">Whether accents are left out; null for the same as <paramref name="lowercase"/>.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or lacks a special token.</exception>
    /// <exception cref="NotSupportedException">It normalises Unicode, for which the process lacks the data (invariant globalization).</exception>
    public static WordPieceTokenizer FromVocabulary(string file, bool lowercase = true, bool? stripAccents = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return WordPieceFile.Tokenizer(file, new WordPieceSettings(lowercase, stripAccents ?? lowercase));
    }

    /// <summary>Whether a WordPiece tokenizer made a column.</summary>
    /// <param name="tokens">What the column says of its tokenizer.</param>
    /// <exception cref="InvalidDataException">The tokenizer's JSON is damaged.</exception>
    public static bool Made(TokenColumnInfo tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return TokenizerJson.ModelType(tokens.TokenizerJson) == TokenizerJson.WordPieceType;
    }

    /// <inheritdoc/>
    public override string ToJson() => _json;

    /// <summary>The ids of a text, between <c>cls</c> and <c>sep</c> where they are set; those two alone for an empty one.</summary>
    public override int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Surround(Words(text, Room(isPair: false)));
    }

    /// <summary>The ids of two texts, <c>cls first sep second sep</c>, and the token type of each: 0 up to the first <c>sep</c>, then 1.</summary>
    /// <remarks>Where they are too long, tokens are cut from the end of the longer one, until both are of one length; then from both.</remarks>
    /// <exception cref="InvalidOperationException">The tokenizer sets no special tokens.</exception>
    public (int[] Ids, int[] TokenTypes) EncodePair(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!Settings.AddSpecialTokens)
            throw new InvalidOperationException("The tokenizer sets no special tokens around texts, and nothing else tells two texts apart.");
        int? room = Room(isPair: true);
        List<int> a = Words(first, room), b = Words(second, room);
        if (room is { } most && a.Count + b.Count > most)
        {
            // Where both fill a room that is odd, the longer one has a token more, and only the whole of them says which.
            bool isFirstLonger = a.Count == b.Count && int.IsOddInteger(most) ? Words(first, null).Count > Words(second, null).Count : a.Count > b.Count;
            Cut(isFirstLonger ? b : a, isFirstLonger ? a : b, most);
        }
        int[] ids = [_start, .. a, _separator, .. b, _separator];
        var types = new int[ids.Length];
        types.AsSpan(a.Count + 2).Fill(1);
        return (ids, types);
    }

    /// <summary>The words of ids with a space between them, as they were encoded: in lower case where that was asked for, and punctuation apart. Special tokens have no text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"The id {id} is not in the vocabulary of {VocabularySize} tokens.");
            if (_model.Special.Contains(id))
                continue;
            if (IsContinuation(id))
                text.Append(_model.Tokens[id].AsSpan(WordPieceModel.Prefix.Length));
            else
                text.Append(text.Length == 0 ? "" : " ").Append(_model.Tokens[id]);
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public override string TokenText(int id) => (uint)id < (uint)VocabularySize
        ? _model.Tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"The id {id} is not in the vocabulary of {VocabularySize} tokens.");

    /// <inheritdoc/>
    public override WordPieceTokenizer WithMaxTokens(int? maxTokens)
    {
        RequireRoom(maxTokens, TokensAround(isPair: false));
        return With(Settings with { MaxTokens = maxTokens });
    }

    /// <summary>Whether a token goes on with the word of the token before it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public bool IsContinuation(int id) => _model.Tokens[id].StartsWith(WordPieceModel.Prefix, StringComparison.Ordinal) && _model.Tokens[id].Length > WordPieceModel.Prefix.Length;

    /// <summary>Writes BERT's <c>vocab.txt</c>, one token a line in the order of their ids, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <remarks>It holds the vocabulary with the special tokens; the settings, such as lower case, only <see cref="ToJson"/> holds.</remarks>
    public void SaveVocabulary(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        WordPieceFile.Save(path, _model.Tokens);
    }

    /// <summary>The tokens that text can give.</summary>
    internal IEnumerable<string> TextTokens => _model.Tokens.Where((_, id) => !_model.Special.Contains(id));

    internal WordPieceTokenizer With(WordPieceSettings settings) => new(_model with { Settings = settings });

    /// <summary>How many special tokens are set around a text, or around and between two.</summary>
    internal int TokensAround(bool isPair) => !Settings.AddSpecialTokens ? 0 : isPair ? 3 : 2;

    private static void Cut(List<int> shorter, List<int> longer, int most)
    {
        int kept = Math.Min(shorter.Count, most / 2);
        CollectionsMarshal.SetCount(shorter, kept);
        CollectionsMarshal.SetCount(longer, most - kept);
    }

    private int? Room(bool isPair) => Settings.MaxTokens is { } most ? Math.Max(0, most - TokensAround(isPair)) : null;

    private protected override IReadOnlyList<int> Inner(string text) => Words(text);

    private protected override int[] Surround(IEnumerable<int> ids) => Settings.AddSpecialTokens ? [_start, .. ids, _separator] : [.. ids];

    private List<int> Words(string text, int? room = null)
    {
        string normal = Settings.Normalize(text);
        if (room is not { } most)
            return [.. _encoder.EncodeToIds(normal, addSpecialTokens: false, considerNormalization: false)];
        // The encoder leaves out a word that does not fit as a whole, and no word has more tokens than units.
        int enough = (int)Math.Min(int.MaxValue, (long)most + Settings.MaxWordLength);
        return [.. _encoder.EncodeToIds(normal, enough, addSpecialTokens: false, out _, out _, considerNormalization: false).Take(most)];
    }
}
