using System.Collections;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Tests.Contract;
using TorchSharp;

namespace MLNetExt.Tests.LanguageModeling;

[TestClass]
public sealed class GenerationTests
{
    private static CausalLanguageModelTransformer s_model = null!;

    [ClassInitialize]
    public static void Fit(TestContext context) => s_model = TinyModel.Fit();

    [ClassCleanup]
    public static void Release() => s_model.Dispose();

    [TestMethod]
    public void Greedy_continuations_follow_what_was_learned_and_are_those_without_a_cache()
    {
        int[][] prompts = [.. new[] { "adg", "behk", "c", "filor" }.Select(s_model.Encode)];
        IReadOnlyList<int[]> generated = s_model.Generate(prompts, new GenerationOptions { MaxNewTokens = 5 });
        for (int i = 0; i < prompts.Length; i++)
            CollectionAssert.AreEqual(WithoutCache(prompts[i], 5), generated[i], $"prompt {i}");
        Assert.AreEqual("jmpsb", s_model.Tokenizer!.Decode(generated[0]));
    }

    [TestMethod]
    public void A_prompt_goes_on_alike_whatever_stands_beside_it()
    {
        var options = new GenerationOptions { MaxNewTokens = 8, Temperature = 3, Seed = 4 };
        int[][] prompts = [.. new[] { "adg", "behknqt", "c", "adg" }.Select(s_model.Encode)];
        IReadOnlyList<int[]> together = s_model.Generate(prompts, options);
        CollectionAssert.AreEqual(together[1], s_model.Generate([prompts[1]], options)[0]);
        CollectionAssert.AreEqual(together[2], s_model.Generate([prompts[2], prompts[0]], options)[0]);
        CollectionAssert.AreEqual(together[0], s_model.Generate([prompts[0]], options)[0]);
        CollectionAssert.AreNotEqual(together[0], together[3], "equal prompts draw on their own");
    }

    [TestMethod]
    public async Task A_prompt_does_not_end_where_the_tokenizer_ends_texts()
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(SentenceRow.Many(160));
        IDataView tokens = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261, addEos: true).Fit(rows).Transform(rows);
        using CausalLanguageModelTransformer model = TinyModel.Fit(data: tokens);
        int[] ids = model.Encode("adg");
        Assert.AreEqual(model.Tokenizer!.SpecialTokens["eos"], ids[^1]);
        var options = new GenerationOptions { MaxNewTokens = 4 };
        string expected = model.Tokenizer.Decode(model.Generate([ids[..^1]], options)[0]);
        StringAssert.StartsWith(expected, "jm");
        Assert.AreEqual(expected, model.GenerateText(["adg"], options)[0]);
        var streamed = new StringBuilder();
        await foreach (string piece in model.GenerateTextAsync("adg", options, CancellationToken.None))
            streamed.Append(piece);
        Assert.AreEqual(expected, streamed.ToString());
    }

    [TestMethod]
    public void A_model_is_the_codec_of_its_tokenizer_without_the_tokens_around_texts()
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(SentenceRow.Many(160));
        IDataView tokens = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261, addBos: true, addEos: true).Fit(rows).Transform(rows);
        using CausalLanguageModelTransformer model = TinyModel.Fit(data: tokens, epochs: 1);
        int[] ids = model.Encode("adg");
        CollectionAssert.AreEqual(ids[..^1], model.EncodePrompt("adg"));
        CollectionAssert.AreEqual(ids[1..^1], model.EncodeCompletion("adg"));
        Assert.AreEqual("adg", model.Decode(ids));
        Assert.AreEqual(ids[^1], model.EndId);
        Assert.AreEqual(model.Tokenizer!.Fingerprint, model.TokenizerFingerprint);
    }

    [TestMethod]
    public void A_prompt_is_read_whole_however_short_the_training_texts_were_cut()
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(SentenceRow.Many(160));
        IDataView tokens = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261, addEos: true, maxTokens: 8).Fit(rows).Transform(rows);
        using CausalLanguageModelTransformer model = TinyModel.Fit(data: tokens);
        const string Prompt = "adgjmpsbehkn";
        Assert.HasCount(8, model.Encode(Prompt));
        int[] whole = [.. Prompt.Select(letter => model.Encode(letter.ToString())[0])];
        var options = new GenerationOptions { MaxNewTokens = 3, StopAtEnd = false };
        string expected = model.Tokenizer!.Decode(model.Generate([whole], options)[0]);
        Assert.AreNotEqual(expected, model.Tokenizer.Decode(model.Generate([whole[..7]], options)[0]));
        Assert.AreEqual(expected, model.GenerateText([Prompt], options)[0]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => model.GenerateText([Prompt + Prompt + Prompt], options)).Message, "has 36 tokens");
    }

    [TestMethod]
    public void The_same_seed_draws_the_same_and_another_others()
    {
        int[][] prompts = [s_model.Encode("adg")];
        int[] Draw(int seed) => s_model.Generate(prompts, new GenerationOptions { MaxNewTokens = 12, Temperature = 2, Seed = seed })[0];
        CollectionAssert.AreEqual(Draw(1), Draw(1));
        CollectionAssert.AreNotEqual(Draw(1), Draw(2));
    }

    [TestMethod]
    public void One_candidate_is_the_greedy_choice()
    {
        int[][] prompts = [s_model.Encode("behk")];
        int[] greedy = s_model.Generate(prompts, new GenerationOptions { MaxNewTokens = 9 })[0];
        CollectionAssert.AreEqual(greedy, s_model.Generate(prompts, new GenerationOptions { MaxNewTokens = 9, Temperature = 1.5, TopK = 1, Seed = 1 })[0]);
        CollectionAssert.AreEqual(greedy, s_model.Generate(prompts, new GenerationOptions { MaxNewTokens = 9, Temperature = 1.5, TopP = 1e-6, Seed = 1 })[0]);
    }

    [TestMethod]
    public void A_beam_search_finds_no_less_likely_a_continuation_than_greedy_choice()
    {
        foreach (string text in new[] { "a", "ae", "qb" })
        {
            int[] prompt = s_model.Encode(text);
            int[] greedy = s_model.Generate([prompt], new GenerationOptions { MaxNewTokens = 6, StopAtEnd = false })[0];
            int[] beam = s_model.Generate([prompt], new GenerationOptions { MaxNewTokens = 6, Beams = 8, StopAtEnd = false })[0];
            Assert.HasCount(6, beam);
            Assert.IsGreaterThanOrEqualTo(Score(prompt, greedy) - 1e-4, Score(prompt, beam), text);
        }
    }

    [TestMethod]
    public void A_beam_search_with_as_many_beams_as_there_are_continuations_finds_the_best()
    {
        int[] prompt = s_model.Encode("ab");
        int vocabulary = s_model.VocabularySize;
        int[] best = Enumerable.Range(0, vocabulary * vocabulary).Select(i => new[] { i / vocabulary, i % vocabulary })
            .Chunk(4096).SelectMany(part => part.Zip(Scores(prompt, part))).MaxBy(c => c.Second).First;
        CollectionAssert.AreEqual(best, s_model.Generate([prompt], new GenerationOptions { MaxNewTokens = 2, Beams = vocabulary, StopAtEnd = false })[0]);
    }

    [TestMethod]
    public void A_stop_string_ends_a_continuation_and_is_no_part_of_it()
    {
        var options = new GenerationOptions { MaxNewTokens = 8, StopStrings = ["sb", "zz"] };
        Assert.AreEqual("jmp", s_model.GenerateText(["adg"], options)[0]);
    }

    [TestMethod]
    public async Task A_stop_string_within_a_token_leaves_the_text_before_it_and_of_ids_the_whole_tokens()
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(SentenceRow.Many(160));
        IDataView tokens = ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 281).Fit(rows).Transform(rows);
        using CausalLanguageModelTransformer model = TinyModel.Fit(data: tokens);
        string Text(params int[] ids) => model.Tokenizer!.Decode(ids);
        var options = new GenerationOptions { MaxNewTokens = 5, StopAtEnd = false };
        (string prompt, int[] whole, int token) = SentenceRow.Many(20)
            .Select(row => (row.Sentence[..3], Whole: model.Generate([model.Encode(row.Sentence[..3])], options)[0]))
            .Select(p => (p.Item1, p.Whole, Token: Array.FindIndex(p.Whole, 1, id => Text(id).Length > 1)))
            .First(p => p.Token > 0 && Text(p.Whole).IndexOf(Rest(p.Whole, p.Token), StringComparison.Ordinal) == Text(p.Whole).Length - Rest(p.Whole, p.Token).Length);
        // All from the second letter of that token on.
        string Rest(int[] ids, int at) => Text(ids)[(Text(ids[..at]).Length + 1)..];
        string expected = Text(whole)[..^Rest(whole, token).Length];
        options.StopStrings = ["never", Rest(whole, token)];

        CollectionAssert.AreEqual(whole[..token], model.Generate([model.Encode(prompt)], options)[0]);
        Assert.AreEqual(expected, model.GenerateText([prompt], options)[0]);
        Assert.AreEqual(expected, string.Concat(await Pieces(model.GenerateTextAsync(prompt, options))));
        IDataView prompts = ml.Data.LoadFromEnumerable([new PromptRow { Prompt = prompt }]);
        using TextGenerationTransformer writer = ml.LanguageModeling.GenerateText(model, "Next", "Prompt", options).Fit(prompts);
        Assert.AreEqual(expected, writer.Transform(prompts).GetColumn<string>("Next").Single());
        using var client = new LanguageModelChatClient(model, defaults: options);
        Assert.AreEqual(expected, (await client.GetResponseAsync([new ChatMessage(ChatRole.User, prompt)])).Text);
        options.Beams = 2;
        options.StopStrings = [];
        string best = model.GenerateText([prompt], options)[0];
        options.StopStrings = [best[1..3]];
        Assert.AreEqual(best[..1], model.GenerateText([prompt], options)[0]);
    }

    [TestMethod]
    public async Task Streamed_pieces_make_the_whole_text()
    {
        foreach (GenerationOptions options in new[] { new GenerationOptions { MaxNewTokens = 8 }, new() { MaxNewTokens = 8, StopStrings = ["pst", "sb"] } })
        {
            List<string> pieces = await Pieces(s_model.GenerateTextAsync("adg", options));
            Assert.AreEqual(s_model.GenerateText(["adg"], options)[0], string.Concat(pieces));
            Assert.IsGreaterThan(1, pieces.Count);
        }
    }

    [TestMethod]
    public async Task A_beam_search_is_not_streamed()
    {
        await using IAsyncEnumerator<string> pieces = s_model.GenerateTextAsync("adg", new GenerationOptions { MaxNewTokens = 4, Beams = 2 }).GetAsyncEnumerator();
        StringAssert.Contains((await Assert.ThrowsExactlyAsync<ArgumentException>(async () => await pieces.MoveNextAsync())).Message, "Beams is 2");
    }

    [TestMethod]
    [Timeout(120_000)]
    [DataRow(1)]
    [DataRow(3)]
    public void A_generation_ends_between_two_tokens_when_it_is_cancelled(int beams)
    {
        // A million tokens take far longer than a second, after which the first call is cancelled; the second is before it begins.
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1, change: o => o.Network.ContextLength = 1 << 20);
        int[][] prompts = [model.Encode("adg")];
        var options = new GenerationOptions { MaxNewTokens = 1_000_000, StopAtEnd = false, Beams = beams };
        using var cancellation = new CancellationTokenSource();
        long before = LiveTensors.OfThisThread;
        cancellation.CancelAfter(TimeSpan.FromSeconds(1));
        Assert.ThrowsExactly<OperationCanceledException>(() => model.Generate(prompts, options, cancellation.Token));
        Assert.ThrowsExactly<OperationCanceledException>(() => model.GenerateText(["adg"], options, cancellation.Token));
        Assert.AreEqual(before, LiveTensors.OfThisThread, "tensors of the cancelled generation");
    }

    [TestMethod]
    public void A_cancellation_between_two_tokens_computes_no_more()
    {
        using var cancellation = new CancellationTokenSource();
        // The stop strings are looked at after each token.
        var stops = new WatchedStops(looks: 4, cancellation.Cancel);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => s_model.Generate([s_model.Encode("adg")], new GenerationOptions { MaxNewTokens = 20, StopStrings = stops }, cancellation.Token));
        Assert.AreEqual(0, stops.Looks);
        Assert.HasCount(3, s_model.Generate([s_model.Encode("adg")], new GenerationOptions { MaxNewTokens = 3 }, CancellationToken.None)[0]);
    }

    [TestMethod]
    public async Task A_stream_that_is_cancelled_or_left_gives_no_more_and_holds_nothing()
    {
        var options = new GenerationOptions { MaxNewTokens = 20, StopAtEnd = false };
        await Read(s => s.Length == 100);
        long before = LiveTensors.OfAllThreads();
        Assert.IsLessThan(20, (await Read(s => s.Length >= 3)).Length, "a stream that was left");
        using var cancellation = new CancellationTokenSource();
        var pieces = new StringBuilder();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (string piece in s_model.GenerateTextAsync("adg", options, cancellation.Token))
            {
                if (pieces.Append(piece).Length >= 3)
                    await cancellation.CancelAsync();
            }
        });
        Assert.AreEqual(3, pieces.Length);
        Assert.AreEqual(before, torch.Tensor.TotalCount);

        async Task<string> Read(Func<string, bool> isEnough)
        {
            string text = "";
            await foreach (string piece in s_model.GenerateTextAsync("adg", options))
            {
                text += piece;
                if (isEnough(text))
                    break;
            }

            return text;
        }
    }

    [TestMethod]
    public void A_hundred_generations_leave_memory_flat()
    {
        GenerationOptions[] choices = [new() { MaxNewTokens = 6 }, new() { MaxNewTokens = 6, Temperature = 2, TopK = 5, StopStrings = ["zz"] }, new() { MaxNewTokens = 6, Beams = 3 }];
        int[][] prompts = [.. new[] { "adg", "behknqt", "c", "filorux" }.Select(s_model.Encode)];
        void Generate(int times)
        {
            for (int i = 0; i < times; i++)
                s_model.Generate(prompts, choices[i % choices.Length]);
        }

        Generate(30);
        long tensors = LiveTensors.OfThisThread, memory = ProcessMemory.WorkingSet();
        Generate(100);
        Assert.AreEqual(tensors, LiveTensors.OfThisThread, "tensors");
        Assert.IsLessThan(memory + ProcessMemory.Tolerated, ProcessMemory.WorkingSet(), "bytes");
    }

    [TestMethod]
    public void What_cannot_be_continued_is_named()
    {
        int[] prompt = s_model.Encode("adg");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => s_model.Generate([prompt, []], new GenerationOptions { MaxNewTokens = 4 })).Message, "Prompt 1 is empty");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => s_model.Generate([prompt], new GenerationOptions { MaxNewTokens = TinyModel.ContextLength })).Message, "shorten the prompt");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => s_model.Generate([[5, 9999]], new GenerationOptions { MaxNewTokens = 2 })).Message, "id 9999");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_model.Generate([prompt], new GenerationOptions { TopP = 0 })).Message, "TopP");
        foreach (GenerationOptions beams in new GenerationOptions[] { new() { Beams = 2, Temperature = 1 }, new() { Beams = 2, TopK = 3 }, new() { Beams = 2, TopP = 0.9 } })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => s_model.Generate([prompt], beams)).Message, "Beams is 2");
        foreach (GenerationOptions greedy in new GenerationOptions[] { new() { TopK = 3 }, new() { TopP = 0.9 } })
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => s_model.Generate([prompt], greedy)).Message, "Temperature is 0 and nothing is drawn");
    }

    private static int[] WithoutCache(int[] prompt, int count)
    {
        List<int> sequence = [.. prompt];
        for (int i = 0; i < count; i++)
        {
            IReadOnlyList<float[]> scores = s_model.LogProbabilities([.. Enumerable.Range(0, s_model.VocabularySize).Select(id => sequence.Append(id).ToArray())]);
            sequence.Add(Enumerable.Range(0, scores.Count).MaxBy(id => scores[id][^1]));
        }

        return [.. sequence.Skip(prompt.Length)];
    }

    private static async Task<List<string>> Pieces(IAsyncEnumerable<string> stream)
    {
        var pieces = new List<string>();
        await foreach (string piece in stream)
            pieces.Add(piece);
        return pieces;
    }

    private static double Score(int[] prompt, int[] continuation) => Scores(prompt, [continuation]).Single();

    private static IEnumerable<double> Scores(int[] prompt, IEnumerable<int[]> continuations) =>
        s_model.LogProbabilities([.. continuations.Select(c => prompt.Concat(c).ToArray())]).Select(s => (double)s[(prompt.Length - 1)..].Sum());

    /// <summary>Stop strings that never come; something happens at one look at them.</summary>
    private sealed class WatchedStops(int looks, Action then) : IReadOnlyList<string>
    {
        public int Looks { get; private set; } = looks;

        public int Count
        {
            get
            {
                if (--Looks == 0)
                    then();
                return 1;
            }
        }

        public string this[int index] => "zzzz";

        public IEnumerator<string> GetEnumerator() => Enumerable.Repeat("zzzz", 1).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
