using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Sequences;
using MLNetExt.Tests.Components;
using MLNetExt.Tests.Networks;
using static MLNetExt.Tests.DamagedModel;
using static TorchSharp.torch;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>A language model and a text generator whose file was damaged or made up are refused, and leave no tensor behind.</summary>
[TestClass]
public sealed class DamagedLanguageModelTests
{
    private const string Llama = "a trained Llama", Gpt2 = "a trained GPT-2", Scaled = "a loaded Llama without a tokenizer", Adapted = "a Llama with adapters apart", Writer = "a text generator";
    private static readonly Dictionary<string, Lazy<ModelZip>> s_saved = new()
    {
        [Llama] = new(() => SaveTrained(DecoderFamily.Llama)),
        [Gpt2] = new(() => SaveTrained(DecoderFamily.Gpt2)),
        [Scaled] = new(SaveLoaded),
        [Adapted] = new(SaveAdapted),
        [Writer] = new(SaveWriter),
    };

    public static IEnumerable<object[]> Models => s_saved.Keys.Select(model => new object[] { model });

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void What_was_saved_can_be_loaded(string model) => ((IDisposable)Load(s_saved[model].Value)).Dispose();

    /// <summary>What no language model can have.</summary>
    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Members_out_of_range(string model)
    {
        (string Member, string[] Values)[] damage =
        [
            ("tokensColumn", ["\"\"", "null", "7"]),
            ("scoringBlockSize", ["0", "-1", "65537", "2147483647"]),
            ("endIds", ["null", "7", "[-1]", "[1, 264]", "[2147483647]", "[1.5]", "[\"eos\"]", "[null]"]),
            ("network", ["null", "7", "{}"]),
            ("tokens", ["7", "{}", """{ "vocabularySize": 260, "specialTokens": {}, "tokenizerJson": "{}", "fingerprint": "no" }"""]),
            ("adapters", ["7", "{}", """{ "rank": 1, "alpha": 1, "dropout": 0, "attention": true, "feedForward": false }"""]),
            ("isFast", ["true"]),
        ];
        (string Member, string[] Values)[] network =
        [
            ("vocabularySize", ["0", "-1", "2147483647", "96.5"]),
            ("contextLength", ["0", "-1", "\"long\""]),
            ("hasLearnedPositions", ["null", "1"]),
            ("isHeadTied", ["null"]),
            ("transformer", ["null", "{}"]),
        ];
        (string Member, string[] Values)[] blocks =
        [
            ("width", ["0", "-1", "2147483647"]),
            ("layers", ["0", "-1", "9", "2147483647"]),
            ("heads", ["0", "-1", "3", "2147483647"]),
            ("feedForwardWidth", ["0", "-1", "17", "2147483647"]),
            ("keyValueHeads", ["0", "-1", "3", "2147483647"]),
            ("headWidth", ["0", "-1", "7", "2147483647"]),
            ("isCausal", ["false", "null"]),
            ("norm", ["\"Post\"", "\"None\"", "0"]),
            ("normKind", ["\"Batch\"", "0"]),
            ("normEpsilon", ["0", "-1", "\"NaN\"", "\"Infinity\""]),
            ("rotaryTheta", ["0", "-1", "\"NaN\"", "\"Infinity\""]),
            ("dropout", ["1", "-0.1", "\"NaN\"", "null"]),
            ("activation", ["\"Sine\"", "0", "null"]),
            ("initialDeviation", ["-1", "\"NaN\"", "\"Infinity\""]),
            ("isGated", ["null", "0"]),
            ("attentionInputBias", ["null"]),
        ];
        Refuse(damage, s => s);
        Refuse(network, s => s["network"]!.AsObject());
        Refuse(blocks, s => s["network"]!["transformer"]!.AsObject());
        foreach (string member in State(model).Select(m => m.Key))
            Refused(Edit(model, s => s.Remove(member)), "", $"no {member}");
        foreach (string member in State(model)["network"]!.AsObject().Select(m => m.Key))
            Refused(Edit(model, s => s["network"]!.AsObject().Remove(member)), "", $"no network.{member}");

        void Refuse((string Member, string[] Values)[] table, Func<JsonObject, JsonObject> part)
        {
            foreach ((string member, string[] values) in table)
            {
                foreach (string value in values)
                    Refused(Edit(model, s => part(s)[member] = JsonNode.Parse(value)), "", $"{member} {value}");
            }
        }
    }

    /// <summary>What this model cannot have, though others can.</summary>
    [TestMethod]
    [DataRow(Llama, "vocabularySize", "260")]
    [DataRow(Llama, "vocabularySize", "262")]
    [DataRow(Llama, "isHeadTied", "false")]
    [DataRow(Llama, "hasLearnedPositions", "true")]
    [DataRow(Gpt2, "contextLength", "33")]
    [DataRow(Gpt2, "contextLength", "31")]
    [DataRow(Gpt2, "hasLearnedPositions", "false")]
    [DataRow(Scaled, "isHeadTied", "false")]
    [DataRow(Llama, "transformer.width", "64")]
    [DataRow(Llama, "transformer.width", "16")]
    [DataRow(Llama, "transformer.layers", "1")]
    [DataRow(Llama, "transformer.isGated", "false")]
    [DataRow(Llama, "transformer.normKind", "\"Layer\"")]
    [DataRow(Llama, "transformer.keyValueHeads", "1")]
    [DataRow(Llama, "transformer.headWidth", "8")]
    [DataRow(Llama, "transformer.attentionInputBias", "true")]
    [DataRow(Llama, "transformer.attentionOutputBias", "true")]
    [DataRow(Llama, "transformer.feedForwardBias", "true")]
    [DataRow(Llama, "transformer.feedForwardWidth", "16")]
    [DataRow(Llama, "transformer.rotaryTheta", "null")]
    [DataRow(Gpt2, "transformer.normKind", "\"Rms\"")]
    [DataRow(Gpt2, "transformer.isGated", "true")]
    [DataRow(Gpt2, "transformer.feedForwardBias", "false")]
    [DataRow(Scaled, "transformer.rotaryScaling", "{ \"kind\": \"Yarn\", \"factor\": 2 }")]
    [DataRow(Scaled, "transformer.rotaryScaling", "{ \"kind\": \"Linear\", \"factor\": 0 }")]
    [DataRow(Scaled, "transformer.rotaryScaling", "{ \"kind\": \"Linear\", \"factor\": \"Infinity\" }")]
    [DataRow(Scaled, "transformer.rotaryScaling", "{ \"kind\": \"Llama3\", \"factor\": 2, \"lowFrequencyFactor\": 4, \"highFrequencyFactor\": 1 }")]
    [DataRow(Scaled, "transformer.rotaryScaling", "{ \"kind\": \"Llama3\", \"factor\": 2, \"lowFrequencyFactor\": \"-Infinity\" }")]
    [DataRow(Scaled, "transformer.rotaryScaling", "{ \"kind\": \"Llama3\", \"factor\": 2, \"originalContextLength\": 0 }")]
    [DataRow(Writer, "vocabularySize", "260")]
    [DataRow(Writer, "transformer.layers", "1")]
    public void Members_that_do_not_fit_each_other_or_the_weights(string model, string path, string json) => Refused(
        Edit(model, s =>
        {
            JsonNode part = s["network"]!;
            string[] names = path.Split('.');
            foreach (string name in names[..^1])
                part = part[name]!;
            part[names[^1]] = JsonNode.Parse(json);
        }),
        "");

    [TestMethod]
    [DataRow("rank", "0", "Rank is 0")]
    [DataRow("rank", "3", "")]
    [DataRow("rank", "5", "weights, but its network needs")]
    [DataRow("rank", "2147483647", "weights, but its network needs")]
    [DataRow("rank", "1.5", "")]
    [DataRow("alpha", "0", "Alpha is 0")]
    [DataRow("alpha", "\"NaN\"", "")]
    [DataRow("alpha", "null", "")]
    [DataRow("dropout", "1", "Dropout is 1")]
    [DataRow("attention", "false", "'transformer.blocks.0.attention.")]
    [DataRow("attention", "7", "")]
    [DataRow("feedForward", "false", "'transformer.blocks.0.feedForward.")]
    [DataRow("isFast", "true", "")]
    public void Adapters_out_of_range(string member, string json, string part) =>
        Refused(Edit(Adapted, s => s["adapters"]![member] = JsonNode.Parse(json)), part);

    [TestMethod]
    public void Adapters_that_are_missing_in_part_or_whole()
    {
        foreach (string member in State(Adapted)["adapters"]!.AsObject().Select(m => m.Key))
            Refused(Edit(Adapted, s => s["adapters"]!.AsObject().Remove(member)), "", member);
        Refused(Edit(Adapted, s => s["adapters"] = null), ".adapter.");
        Refused(Edit(Adapted, s => (s["adapters"]!["attention"], s["adapters"]!["feedForward"]) = (false, false)), "there would be no adapter");
    }

    [TestMethod]
    [DataRow("vocabularySize", "0")]
    [DataRow("vocabularySize", "-5")]
    [DataRow("vocabularySize", "262")]
    [DataRow("vocabularySize", "2147483647")]
    [DataRow("specialTokens", "{ \"pad\": 261 }")]
    [DataRow("specialTokens", "{ \"pad\": -1 }")]
    [DataRow("specialTokens", "null")]
    [DataRow("tokenizerJson", "\"{}\"")]
    [DataRow("tokenizerJson", "null")]
    [DataRow("fingerprint", "\"0123456789abcdef\"")]
    [DataRow("fingerprint", "null")]
    public void A_tokenizer_is_checked_when_the_model_is_loaded(string member, string json)
    {
        foreach (string model in new[] { Llama, Gpt2, Writer })
            Refused(Edit(model, s => s["tokens"]![member] = JsonNode.Parse(json)), "", model);
    }

    /// <summary>The JSON of a tokenizer is read when the first text is: a model of ids does not need it.</summary>
    [TestMethod]
    public void A_made_up_tokenizer_is_refused_by_what_reads_or_writes_text()
    {
        const string Json = "{}";
        Action<JsonObject> madeUp = s => (s["tokens"]!["tokenizerJson"], s["tokens"]!["fingerprint"]) = (Json, Columns.TokenColumnInfo.FingerprintOf(Json));
        Refused(Edit(Writer, madeUp), "");
        using (var model = (CausalLanguageModelTransformer)Load(Edit(Llama, madeUp)))
            Assert.ThrowsExactly<InvalidDataException>(() => model.GenerateText(["a"]));

        Refused(Edit(Writer, s => s["tokens"]!["vocabularySize"] = 260), "has 261 tokens, but the model was made for 260");
        using (var model = (CausalLanguageModelTransformer)Load(Edit(Llama, s => s["tokens"]!["vocabularySize"] = 260)))
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => model.GenerateText(["a"])).Message, "has 261 tokens, but the model was made for 260");
    }

    [TestMethod]
    [DataRow("inputColumn", "\"\"")]
    [DataRow("inputColumn", "null")]
    [DataRow("outputColumn", "\"\"")]
    [DataRow("outputColumn", "3")]
    [DataRow("readsText", "null")]
    [DataRow("readsText", "1")]
    [DataRow("generation", "null")]
    [DataRow("generation", "[]")]
    [DataRow("model", "null")]
    [DataRow("model", "{}")]
    [DataRow("mood", "\"good\"")]
    public void A_generator_out_of_range(string member, string json) => Refused(s_saved[Writer].Value.EditHeader(h => h["state"]![member] = JsonNode.Parse(json)), "");

    [TestMethod]
    [DataRow("maxNewTokens", "0", "MaxNewTokens")]
    [DataRow("temperature", "-1", "Temperature")]
    [DataRow("temperature", "\"NaN\"", "Temperature")]
    [DataRow("topK", "-1", "TopK")]
    [DataRow("topP", "0", "TopP")]
    [DataRow("topP", "1.5", "TopP")]
    [DataRow("repetitionPenalty", "0.5", "RepetitionPenalty")]
    [DataRow("beams", "0", "Beams")]
    [DataRow("beams", "2", "Beams")]
    [DataRow("stopStrings", "[\"\"]", "StopStrings")]
    [DataRow("stopStrings", "null", "")]
    [DataRow("stopAtEnd", "null", "")]
    [DataRow("seed", "\"one\"", "")]
    [DataRow("warmth", "1", "")]
    public void Generation_options_out_of_range(string member, string json, string part) =>
        Refused(s_saved[Writer].Value.EditHeader(h => h["state"]!["generation"]![member] = JsonNode.Parse(json)), part);

    [TestMethod]
    public void A_generator_without_a_tokenizer() => Refused(Edit(Writer, s => s["tokens"] = null), "tokenizer");

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void Weights_that_are_missing_cut_of_another_shape_or_too_many(string model)
    {
        ModelZip zip = s_saved[model].Value;
        int at = zip.IndexOf(ModelZip.Weights);
        byte[] weights = zip.Entries[at].Content;
        ModelZip without = zip.Clone();
        without.Entries.RemoveAt(at);
        Refused(without, $"no '{ModelZip.Weights}'");
        foreach (int length in new[] { 0, 7, 100, weights.Length / 2, weights.Length - 1 })
            Refused(zip.Replace(at, weights[..length]), "", $"{length} bytes");
        Refused(zip.Replace(at, [.. weights, 0]), "");
        foreach (string name in Names(weights))
        {
            Refused(zip.Replace(at, Change(weights, w => w.Remove(name))), "", $"without {name}");
            // As many numbers as before: that they are missing cannot be what is seen.
            Refused(zip.Replace(at, Change(weights, w => (w["other"], _) = (w[name], w.Remove(name)))), $"'{name}'");
            Refused(zip.Replace(at, Change(weights, w => w[name] = w[name].unsqueeze(0))), $"'{name}'");
            Refused(zip.Replace(at, Change(weights, w => w[name] = w[name].to_type(ScalarType.Float64))), $"'{name}'");
        }

        Refused(zip.Replace(at, Change(weights, w => w["tail"] = ones(2))), "'tail', which its network does not have");
    }

    [TestMethod]
    public void Weights_of_another_model()
    {
        ModelZip llama = s_saved[Llama].Value, gpt2 = s_saved[Gpt2].Value;
        Refused(llama.Replace(llama.IndexOf(ModelZip.Weights), gpt2.Entries[gpt2.IndexOf(ModelZip.Weights)].Content), "");
        Refused(gpt2.Replace(gpt2.IndexOf(ModelZip.Weights), llama.Entries[llama.IndexOf(ModelZip.Weights)].Content), "");
    }

    /// <summary>The language model's part of the state.</summary>
    private static JsonObject Part(string model, JsonObject header) => (model == Writer ? header["state"]!["model"]! : header["state"]!).AsObject();

    private static ModelZip Edit(string model, Action<JsonObject> edit) => s_saved[model].Value.EditHeader(h => edit(Part(model, h)));

    private static JsonObject State(string model)
    {
        ModelZip zip = s_saved[model].Value;
        return Part(model, JsonNode.Parse(zip.Entries[zip.IndexOf(ModelZip.Header)].Content)!.AsObject());
    }

    private static ModelZip SaveTrained(DecoderFamily family)
    {
        using CausalLanguageModelTransformer model = TinyModel.Fit(family, epochs: 1);
        return Save(model, TinyModel.Tokenized(new MLContext(seed: 1)).Schema);
    }

    private static ModelZip SaveAdapted()
    {
        using CausalLanguageModelTransformer pretrained = TinyModel.Fit(epochs: 1);
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1, change: o => (o.Pretrained, o.Adapters) = (pretrained, new LowRankOptions { Rank = 4, Merge = false }));
        return Save(model, TinyModel.Tokenized(new MLContext(seed: 1)).Schema);
    }

    private static ModelZip SaveLoaded()
    {
        var ml = new MLContext(seed: 1);
        using CausalLanguageModelTransformer model = ml.LanguageModeling.LoadHuggingFace(new ModelFixture("llama_tiny_tied_llama3rope").Path);
        return Save(model, ml.Data.LoadFromEnumerable<PromptRow>([]).Schema);
    }

    private static ModelZip SaveWriter()
    {
        var ml = new MLContext(seed: 1);
        IDataView prompts = ml.Data.LoadFromEnumerable([new PromptRow { Prompt = "adg" }]);
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1);
        using TextGenerationTransformer writer = ml.LanguageModeling.GenerateText(model, options: new GenerationOptions { MaxNewTokens = 2, Temperature = 1, Seed = 1 }).Fit(prompts);
        return Save(writer, prompts.Schema);
    }
}
