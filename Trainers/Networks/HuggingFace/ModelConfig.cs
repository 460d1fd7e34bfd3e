using System.Text.Json;

namespace MLNetExt.Networks;

/// <summary>A model directory's <c>config.json</c>, of which every key must be understood, known to change nothing, or off.</summary>
internal sealed class ModelConfig
{
    /// <summary>Keys that say where a model comes from, how it was trained, or how text is drawn from it: the network computes the same.</summary>
    private static readonly HashSet<string> s_harmless =
    [
        "_attn_implementation", "_attn_implementation_autoset", "_commit_hash", "_name_or_path", "_num_labels", "architectures", "attn_implementation", "bad_words_ids", "begin_suppress_tokens",
        "bos_token_id", "chunk_size_feed_forward", "decoder_start_token_id", "diversity_penalty", "do_sample", "dtype", "early_stopping", "encoder_no_repeat_ngram_size", "eos_token_id",
        "exponential_decay_length_penalty", "finetuning_task", "forced_bos_token_id", "forced_eos_token_id", "gradient_checkpointing", "id2label", "is_decoder", "keys_to_ignore_at_inference",
        "label2id", "length_penalty", "max_length", "min_length", "n_special", "name_or_path", "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_labels", "num_return_sequences",
        "output_attentions", "output_hidden_states", "output_past", "output_scores", "pad_token_id", "predict_special_tokens", "prefix", "problem_type", "remove_invalid_values",
        "repetition_penalty", "return_dict", "return_dict_in_generate", "sep_token_id", "suppress_tokens", "task_specific_params", "temperature", "tf_legacy_loss", "tokenizer_class", "top_k", "top_p",
        "torch_dtype", "torchscript", "transformers.js_config", "transformers_version", "typical_p", "use_bfloat16", "use_cache",
    ];

    private readonly JsonElement _root;
    private readonly string _path;
    private readonly string _prefix;
    private readonly HashSet<string> _understood = [];

    private ModelConfig(JsonElement root, string path, string prefix) => (_root, _path, _prefix) = (root, path, prefix);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It holds no JSON object.</exception>
    public static ModelConfig Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no '{path}': a model directory holds config.json and model.safetensors.", path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ModelConfig(document.RootElement.Clone(), path, string.Empty)
                : throw new InvalidDataException($"'{path}' holds no JSON object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Whether a key is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A whole number above 0.</summary>
    /// <exception cref="InvalidDataException">It is something else, or it is not there and nothing is given for that case.</exception>
    public int Count(string key) => Value<int>(
        key, null, e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int value) && value > 0 ? value : null, "a whole number above 0");

    /// <summary>The same; null when it is not there.</summary>
    public int? OptionalCount(string key) => Has(key) ? Count(key) : null;

    /// <summary>A number.</summary>
    /// <inheritdoc cref="Count" path="/exception"/>
    public double Number(string key, double? absent = null) => Value(
        key, absent, e => e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double value) && double.IsFinite(value) ? value : null, "a number");

    /// <summary>True or false.</summary>
    /// <inheritdoc cref="Count" path="/exception"/>
    public bool Flag(string key, bool absent) => Value<bool>(
        key, absent, e => e.ValueKind is JsonValueKind.True or JsonValueKind.False ? e.GetBoolean() : null, "true or false");

    /// <summary>A text.</summary>
    /// <inheritdoc cref="Count" path="/exception"/>
    public string Text(string key, string? absent = null) => Find(key) switch
    {
        null => absent ?? throw Missing(key),
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        _ => throw Unexpected(key, "a text"),
    };

    /// <summary>One of several texts, by what it stands for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="absent">The text when it is not there; null when it must be.</param>
    /// <param name="choices">The texts.</param>
    /// <param name="advice">What follows them in the message when it is none.</param>
    /// <exception cref="NotSupportedException">It is none of them.</exception>
    public T Choice<T>(string key, string? absent, IReadOnlyDictionary<string, T> choices, string advice = "")
    {
        string text = Text(key, absent);
        return choices.TryGetValue(text, out T? choice) ? choice : throw Unsupported(key, $"one of {string.Join(", ", choices.Keys)}{advice}");
    }

    /// <summary>A number or a list of numbers, as ids of special tokens are given.</summary>
    public IReadOnlyList<int> Ids(string key)
    {
        int Id(JsonElement e) => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out int id) ? id : throw Unexpected(key, "a token id or a list of them");
        return Find(key) is not { } value ? [] : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Id)] : [Id(value)];
    }

    /// <summary>An object inside; null when it is not there.</summary>
    public ModelConfig? Part(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } part => new ModelConfig(part, _path, $"{_prefix}{key}."),
        _ => throw Unexpected(key, "an object"),
    };

    /// <summary>A key that changes what the network computes, and of which only one value can be computed here.</summary>
    /// <exception cref="NotSupportedException">It has another value.</exception>
    public void Only(string key, bool value)
    {
        if (Flag(key, value) != value)
            throw Unsupported(key, value ? "true" : "false");
    }

    /// <inheritdoc cref="Only(string, bool)"/>
    public void Only(string key, double value)
    {
        if (Number(key, value) != value)
            throw Unsupported(key, $"{value}");
    }

    /// <summary>Any value of these is right: what the network computes in evaluation stays the same.</summary>
    public void Ignore(params IEnumerable<string> keys) => _understood.UnionWith(keys);

    /// <exception cref="NotSupportedException">There is a key that nothing was known of, with a value that is not null, false or empty.</exception>
    public void RequireAllUnderstood()
    {
        string[] unknown = [.. _root.EnumerateObject().Where(p => !_understood.Contains(p.Name) && !s_harmless.Contains(p.Name) && !IsOff(p.Value))
            .Select(p => $"'{_prefix}{p.Name}' ({p.Value.GetRawText()})")];
        if (unknown.Length > 0)
            throw new NotSupportedException(
                $"'{_path}' sets {string.Join(", ", unknown)}: it may change what the network computes, and is not supported. Remove it if it changes nothing.");
    }

    private static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private JsonElement? Find(string key)
    {
        _understood.Add(key);
        return _root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T Value<T>(string key, T? absent, Func<JsonElement, T?> read, string expected)
        where T : struct
    {
        if (Find(key) is not { } value)
            return absent ?? throw Missing(key);
        return read(value) ?? throw Unexpected(key, expected);
    }

    private NotSupportedException Unsupported(string key, string supported) =>
        new($"'{_path}' sets '{_prefix}{key}' to {_root.GetProperty(key).GetRawText()}, which is not supported: it must be {supported}.");

    private InvalidDataException Missing(string key) => new($"'{_path}' lacks '{_prefix}{key}'.");

    private InvalidDataException Unexpected(string key, string expected) =>
        new($"'{_path}' sets '{_prefix}{key}' to {_root.GetProperty(key).GetRawText()}: expected {expected}.");
}
