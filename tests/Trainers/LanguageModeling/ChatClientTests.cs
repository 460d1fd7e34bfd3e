using Microsoft.Extensions.AI;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;

namespace MLNetExt.Tests.LanguageModeling;

[TestClass]
public sealed class ChatClientTests
{
    [TestMethod]
    public async Task A_chat_client_continues_what_the_template_makes_of_the_messages()
    {
        using CausalLanguageModelTransformer model = TinyModel.Fit();
        using LanguageModelChatClient client = new LanguageModelChatClient(model, messages => string.Concat(messages.Select(m => m.Text)), new GenerationOptions { MaxNewTokens = 4 });
        ChatMessage[] messages = [new(ChatRole.User, "ad"), new(ChatRole.User, "g")];
        ChatResponse response = await client.GetResponseAsync(messages);
        Assert.AreEqual("jmps", response.Text);
        Assert.AreEqual(ChatRole.Assistant, response.Messages.Single().Role);
        Assert.AreEqual("jm", (await client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 2 })).Text);
        Assert.AreEqual("j", (await client.GetResponseAsync(messages, new ChatOptions { StopSequences = ["mp"] })).Text);
        Assert.AreSame(model, client.GetService(typeof(ISequenceScorer)));
        using var beams = new LanguageModelChatClient(model, defaults: new GenerationOptions { Beams = 2 });
        StringAssert.Contains((await Assert.ThrowsExactlyAsync<ArgumentException>(() => beams.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 2 }))).Message, "Beams is 2");
        client.Dispose();
        Assert.AreEqual("jmps", model.GenerateText(["adg"], new GenerationOptions { MaxNewTokens = 4 })[0]);
    }

    [TestMethod]
    public async Task A_chat_client_says_whether_the_answer_was_cut_off()
    {
        using CausalLanguageModelTransformer trained = TinyModel.Fit();
        CausalModel model = trained.Model;
        // Without a p, which ends a text.
        using var ending = new CausalLanguageModelTransformer(CausalModel.Copy(model.State with { EndIds = trained.Encode("zp") }, model.Network));
        async Task<(string, ChatFinishReason?)> Answer(CausalLanguageModelTransformer from, int most, params string[] stops)
        {
            using var client = new LanguageModelChatClient(from);
            ChatResponse response = await client.GetResponseAsync([new(ChatRole.User, "adg")], new ChatOptions { MaxOutputTokens = most, StopSequences = stops });
            return (response.Text, response.FinishReason);
        }

        Assert.AreEqual(("jmps", ChatFinishReason.Length), await Answer(trained, 4));
        Assert.AreEqual(("j", ChatFinishReason.Stop), await Answer(trained, 4, "mp"));
        Assert.AreEqual(("j", ChatFinishReason.Stop), await Answer(trained, 3, "mp"), "the last token completes the stop string");
        Assert.AreEqual(("jm", ChatFinishReason.Length), await Answer(trained, 2, "mp"), "only the beginning of a stop string");
        Assert.AreEqual(("jm", ChatFinishReason.Stop), await Answer(ending, 4));
        Assert.AreEqual(("j", ChatFinishReason.Length), await Answer(ending, 1));
    }

    [TestMethod]
    public async Task A_request_is_drawn_from_what_it_names()
    {
        using CausalLanguageModelTransformer model = TinyModel.Fit();
        ChatMessage[] messages = [new(ChatRole.User, "adg")];
        async Task<string> Answer(GenerationOptions defaults, ChatOptions request)
        {
            (defaults.MaxNewTokens, defaults.Seed) = (12, 1);
            using var client = new LanguageModelChatClient(model, defaults: defaults);
            return (await client.GetResponseAsync(messages, request)).Text;
        }

        string Drawn(double temperature, int topK = 0) =>
            model.GenerateText(["adg"], new GenerationOptions { MaxNewTokens = 12, Seed = 1, Temperature = temperature, TopK = topK })[0];

        string greedy = Drawn(0);
        Assert.AreEqual(Drawn(1, 200), await Answer(new(), new ChatOptions { TopK = 200 }), "at temperature 1");
        Assert.AreEqual(Drawn(4, 200), await Answer(new() { Temperature = 4 }, new ChatOptions { TopK = 200 }), "at the default temperature");
        Assert.AreNotEqual(greedy, Drawn(4, 200));
        Assert.AreEqual(greedy, await Answer(new(), new ChatOptions { TopK = 0, TopP = 1 }), "all tokens: nothing is asked for");
        Assert.AreEqual(greedy, await Answer(new() { Temperature = 4, TopK = 200, TopP = 0.9 }, new ChatOptions { Temperature = 0 }));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => Answer(new(), new ChatOptions { Temperature = 0, TopK = 200 }));
    }
}
