using Microsoft.Extensions.AI;
using MLNetExt.Evaluation;

namespace MLNetExt.Tests.Evaluation;

[TestClass]
public sealed class ChatJudgeTests
{
    private static readonly PreferenceQuestion[] Questions = [.. Enumerable.Range(0, 20).Select(i => new PreferenceQuestion(i, $"prompt {i}", i % 2 == 0 ? "good" : "bad", i % 2 == 0 ? "bad" : "good"))];

    [TestMethod]
    public void Verdicts_StandInTheOrderOfTheQuestions()
    {
        var client = new FakeChatClient(text => text.IndexOf("good", StringComparison.Ordinal) < text.IndexOf("bad", StringComparison.Ordinal) ? "[[A]]" : "[[B]]");
        IReadOnlyList<PreferenceVerdict> verdicts = new ChatJudge(client).Judge(Questions);
        CollectionAssert.AreEqual(Questions.Select(question => question.Row % 2 == 0 ? PreferenceVerdict.First : PreferenceVerdict.Second).ToArray(), verdicts.ToArray());
        Assert.AreEqual(20, client.Requests.Count);
        Assert.IsLessThanOrEqualTo(4, client.MostAtOnce);
    }

    [TestMethod]
    public void Question_ShowsPromptAndBothResponses()
    {
        var client = new FakeChatClient(_ => "[[tie]]");
        var options = new ChatJudgeOptions { Instructions = "Be strict.", Request = new() { Temperature = 0.5f, MaxOutputTokens = 7 } };
        Assert.AreEqual(PreferenceVerdict.Tie, new ChatJudge(client, options).Judge([new(0, "why?", "no", "yes")]).Single());
        (IReadOnlyList<ChatMessage> messages, ChatOptions request) = client.Requests.Single();
        Assert.AreEqual((ChatRole.System, "Be strict."), (messages[0].Role, messages[0].Text));
        Assert.AreEqual(ChatRole.User, messages[1].Role);
        Assert.StartsWith("<prompt>\nwhy?\n</prompt>\n\n<response_A>\nno\n</response_A>\n\n<response_B>\nyes\n</response_B>\n", messages[1].Text.ReplaceLineEndings("\n"));
        Assert.AreEqual((0.5f, 7), (request.Temperature, request.MaxOutputTokens));
        Assert.AreNotSame(options.Request, request);
        Assert.AreEqual(0f, new ChatJudgeOptions().Request.Temperature);
    }

    [TestMethod]
    public void Nonsense_IsUnreadable_AndNotAskedAgain()
    {
        var client = new FakeChatClient(_ => "I would rather not say.");
        Assert.AreEqual(PreferenceVerdict.Unreadable, new ChatJudge(client).Judge(Questions[..1]).Single());
        Assert.HasCount(1, client.Requests);
    }

    [TestMethod]
    public void ErrorsOfTheClient_AndCancellation_EndIt()
    {
        var broken = new FakeChatClient(_ => throw new HttpRequestException("no network"));
        Assert.ThrowsExactly<HttpRequestException>(() => new ChatJudge(broken).Judge(Questions));
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => new ChatJudge(new FakeChatClient(_ => "A")).Judge(Questions, cancellation.Token));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ChatJudge(broken, new() { Concurrency = 0 }));
        Assert.ThrowsExactly<ArgumentException>(() => new ChatJudge(broken, new() { Instructions = " " }));
    }

    /// <summary>Answers as a function of the user's message says.</summary>
    private sealed class FakeChatClient(Func<string, string> answer) : IChatClient
    {
        private readonly Lock _lock = new();
        private int _running;

        public List<(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)> Requests { get; } = [];

        public int MostAtOnce { get; private set; }

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            ChatMessage[] all = [.. messages];
            lock (_lock)
            {
                Requests.Add((all, options!));
                MostAtOnce = Math.Max(MostAtOnce, ++_running);
            }
            await Task.Delay(1, cancellationToken);
            lock (_lock)
                _running--;
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, answer(all[^1].Text)));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
