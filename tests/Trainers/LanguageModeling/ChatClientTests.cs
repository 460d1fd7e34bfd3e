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
}
