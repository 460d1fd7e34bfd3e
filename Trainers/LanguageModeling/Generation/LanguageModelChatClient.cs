using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>A language model as an <see cref="IChatClient"/> of Microsoft.Extensions.AI: it continues the text that a template makes of the messages. Thread-safe.</summary>
/// <remarks>A model answers as it was trained to: without a template that its training data had, it continues the messages rather than answering them.</remarks>
public sealed class LanguageModelChatClient : IChatClient
{
    private readonly CausalLanguageModelTransformer _model;
    private readonly Func<IEnumerable<ChatMessage>, string> _template;
    private readonly GenerationOptions _defaults;

    /// <summary>Makes a client.</summary>
    /// <param name="model">The model, with a tokenizer; disposing the client does not dispose it.</param>
    /// <param name="template">Makes a prompt of the messages; null for their texts, a line each.</param>
    /// <param name="defaults">How to choose tokens where a request does not say it; null for the defaults.</param>
    /// <exception cref="ArgumentException">The model has no tokenizer.</exception>
    public LanguageModelChatClient(
        CausalLanguageModelTransformer model, Func<IEnumerable<ChatMessage>, string>? template = null, GenerationOptions? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Tokenizer is null)
            throw new ArgumentException("The model has no tokenizer, so that it cannot read messages.", nameof(model));
        _model = model;
        _template = template ?? (messages => string.Join('\n', messages.Select(message => message.Text)));
        _defaults = defaults ?? new GenerationOptions();
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string id = Guid.NewGuid().ToString("N");
        ChatResponseUpdate Update(string text) => new(ChatRole.Assistant, text) { ResponseId = id, MessageId = id, CreatedAt = DateTimeOffset.UtcNow };

        await foreach (string piece in _model.GenerateTextAsync(_template(messages), Merge(options), cancellationToken).ConfigureAwait(false))
            yield return Update(piece);
        ChatResponseUpdate last = Update("");
        last.FinishReason = ChatFinishReason.Stop;
        yield return last;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_model) ? _model
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private GenerationOptions Merge(ChatOptions? request)
    {
        GenerationOptions options = _defaults.Copy();
        if (request is null)
            return options;
        options.MaxNewTokens = request.MaxOutputTokens ?? options.MaxNewTokens;
        options.Temperature = request.Temperature ?? options.Temperature;
        options.TopK = request.TopK ?? options.TopK;
        options.TopP = request.TopP ?? options.TopP;
        if (request.StopSequences is { Count: > 0 } stops)
            options.StopStrings = [.. stops];
        if (request.Seed is { } seed)
            options.Seed = unchecked((int)seed);
        return options;
    }
}
