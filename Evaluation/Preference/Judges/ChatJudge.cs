using Microsoft.Extensions.AI;

namespace MLNetExt.Evaluation;

/// <summary>Asks a chat model which completion is better. An answer that cannot be understood is <see cref="PreferenceVerdict.Unreadable"/>; nothing is asked twice.</summary>
public sealed class ChatJudge : IPreferenceJudge
{
    private readonly IChatClient _client;
    private readonly ChatJudgeOptions _options;

    /// <summary>Makes a judge.</summary>
    /// <param name="client">The chat model; disposing it is left to the caller. Its errors end the evaluation.</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public ChatJudge(IChatClient client, ChatJudgeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new ChatJudgeOptions();
        _options.Validate();
    }

    /// <inheritdoc/>
    public IReadOnlyList<PreferenceVerdict> Judge(IReadOnlyList<PreferenceQuestion> questions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        var verdicts = new PreferenceVerdict[questions.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken };
        // On the thread pool: whoever evaluates may hold a context that answers would have to return to.
        Task.Run(() => Parallel.ForAsync(0, questions.Count, parallel, AskAsync), cancellationToken).GetAwaiter().GetResult();
        return verdicts;

        async ValueTask AskAsync(int i, CancellationToken cancellation)
        {
            ChatResponse response = await _client.GetResponseAsync(Messages(questions[i]), _options.Request.Clone(), cancellation).ConfigureAwait(false);
            verdicts[i] = JudgeAnswer.Read(response.Text);
        }
    }

    private ChatMessage[] Messages(PreferenceQuestion question) =>
    [
        new(ChatRole.System, _options.Instructions),
        new(ChatRole.User, $"""
            <prompt>
            {question.Prompt}
            </prompt>

            <response_A>
            {question.First}
            </response_A>

            <response_B>
            {question.Second}
            </response_B>

            Which response is better?
            """),
    ];
}
