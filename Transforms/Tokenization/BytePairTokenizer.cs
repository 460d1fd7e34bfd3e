using System.Text;
using Microsoft.ML.Tokenizers;
using MLNetExt.Columns;

namespace MLNetExt.Tokenization;

/// <summary>Byte-level byte-pair encoding: text to token ids and back, without loss. Thread-safe.</summary>
/// <remarks>Text never gives a special token, even when it spells one: <c>&lt;|eos|&gt;</c> in a text is text. Text that is no valid
/// UTF-16, a surrogate alone, is encoded as U+FFFD.</remarks>
public sealed class BytePairTokenizer : TextTokenizer
{
    private readonly BytePairModel _model;
    private readonly BpeTokenizer _encoder;
    private readonly byte[]?[] _bytes;
    private readonly int[] _before;
    private readonly int[] _after;

    internal BytePairTokenizer(BytePairModel model)
    {
        Dictionary<string, int> ids = model.Check();
        _model = model;
        Settings.Check();
        _encoder = BpeTokenizer.Create(new BpeOptions(ids)
        {
            Merges = [.. model.Merges.Select(merge => $"{merge.Left} {merge.Right}")],
            PreTokenizer = new RegexPreTokenizer(TextPieces.Regex(), specialTokens: null),
            ByteLevel = true,
        });
        _bytes = [.. model.Tokens.Select((token, id) => model.Special.Contains(id) ? null : ByteAlphabet.Read(token))];
        _before = IdsOf(model.Settings.Bos);
        _after = IdsOf(model.Settings.Eos);
        if (model.Settings.MaxTokens is { } most && most <= TokensAround)
            throw new InvalidDataException($"The most tokens of a text, {most}, leave no room beside the {TokensAround} special tokens around it.");
        SpecialTokens = Tokenization.SpecialTokens.ByRole(model.Tokens, model.Special);
        Json = TokenizerJsonWriter.Write(model);
        Fingerprint = TokenColumnInfo.FingerprintOf(Json);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _model.Tokens.Count;

    /// <summary>The ids of the special tokens by role, such as <c>pad</c>, <c>bos</c>, <c>eos</c>, <c>unk</c> and <c>mask</c>.</summary>
    /// <remarks>The role is the token's text without its brackets, in lower case; <c>&lt;s&gt;</c> and <c>&lt;|startoftext|&gt;</c> are <c>bos</c>,
    /// <c>&lt;/s&gt;</c> and <c>&lt;|endoftext|&gt;</c> are <c>eos</c>.</remarks>
    public override IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <inheritdoc/>
    public override string Fingerprint { get; }

    /// <inheritdoc/>
    public override int? MaxTokens => Settings.MaxTokens;

    /// <summary>How many special tokens are set around every text.</summary>
    internal int TokensAround => _before.Length + _after.Length;

    internal TokenizerSettings Settings => _model.Settings;

    private string Json { get; }

    /// <summary>Makes a tokenizer from Hugging Face's <c>tokenizer.json</c>, which is also what <see cref="ToJson"/> writes.</summary>
    /// <exception cref="InvalidDataException">It is damaged, it is no byte-level BPE, or it has a setting that is not supported; the message names it.</exception>
    /// <exception cref="NotSupportedException">It normalises Unicode, for which the process lacks the data (invariant globalization).</exception>
    public static new BytePairTokenizer FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new BytePairTokenizer(TokenizerJsonReader.Read(json));
    }

    /// <inheritdoc/>
    public override string ToJson() => Json;

    /// <inheritdoc/>
    public override int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IReadOnlyList<int> ids = Settings.MaxTokens is { } most
            ? _encoder.EncodeToIds(Normalize(text), most - TokensAround, out _, out _)
            : Inner(text);
        return Surround(ids);
    }

    /// <summary>The ids of a text that is to be continued: all of them, whatever the most tokens of a text are, and without the token that ends every text.</summary>
    public int[] EncodePrompt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. _before, .. Inner(text)];
    }

    /// <summary>The text of ids. Special tokens have none; bytes that are no UTF-8, where a text was cut, become U+FFFD.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public override string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(4 * ids.Length);
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_bytes.Length)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"The id {id} is not in the vocabulary of {_bytes.Length} tokens.");
            bytes.AddRange(_bytes[id] ?? []);
        }
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <inheritdoc/>
    public override string TokenText(int id) => (uint)id >= (uint)_bytes.Length
        ? throw new ArgumentOutOfRangeException(nameof(id), id, $"The id {id} is not in the vocabulary of {_bytes.Length} tokens.")
        : _bytes[id] is { } bytes ? Encoding.UTF8.GetString(bytes) : _model.Tokens[id];

    /// <inheritdoc/>
    public override BytePairTokenizer WithMaxTokens(int? maxTokens)
    {
        RequireRoom(maxTokens, TokensAround);
        return With(Settings with { MaxTokens = maxTokens });
    }

    /// <summary>Writes GPT-2's two files, <c>vocab.json</c> and <c>merges.txt</c>, over those that are there.</summary>
    /// <param name="folder">The folder; it is made when it is missing.</param>
    /// <remarks>They hold the vocabulary with the special tokens; the settings, such as lower case, only <see cref="ToJson"/> holds.</remarks>
    public void SaveVocabulary(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, VocabularyFiles.VocabularyName), TokenizerJsonWriter.WriteVocabulary(_model));
        File.WriteAllLines(Path.Combine(folder, VocabularyFiles.MergesName), [VocabularyFiles.MergesVersion, .. _model.Merges.Select(merge => $"{merge.Left} {merge.Right}")]);
    }

    internal BytePairTokenizer With(TokenizerSettings settings) => new(_model with { Settings = settings });

    private protected override IReadOnlyList<int> Inner(string text) => _encoder.EncodeToIds(Normalize(text));

    private protected override int[] Surround(IEnumerable<int> ids) => [.. _before, .. ids, .. _after];

    private string Normalize(string text) => TextPieces.Normalize(text, Settings.Lowercase, Settings.Composed);

    private int[] IdsOf(string? special) => special is null ? [] : [_model.Special.First(id => _model.Tokens[id] == special)];
}
