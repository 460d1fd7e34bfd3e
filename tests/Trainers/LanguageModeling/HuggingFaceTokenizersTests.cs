using System.Text.Json.Nodes;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>The files that are written for a tokenizer beside a model.</summary>
[TestClass]
public sealed class HuggingFaceTokenizersTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void The_one_special_token_of_GPT2_has_its_three_roles()
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(SentenceRow.Many(8));
        string json = _ml.Transforms.Text.TokenizeBytePairs(new() { InputColumnName = "Sentence", VocabularySize = 257, SpecialTokens = ["eos"] }).Fit(texts).TokenizerJson;
        TokenColumnInfo gpt2 = BytePairTokenizer.FromJson(json.Replace("<|eos|>", "<|endoftext|>", StringComparison.Ordinal)).ColumnInfo;
        JsonObject config = Config(HuggingFaceTokenizers.FilesOf(gpt2, contextLength: 1024));
        foreach (string role in (string[])["bos", "eos", "unk"])
            Assert.AreEqual("<|endoftext|>", (string?)config[$"{role}_token"], role);
        CollectionAssert.AreEquivalent((string[])["model_max_length", "bos_token", "eos_token", "unk_token", "tokenizer_class"], config.Select(member => member.Key).ToArray());
        Assert.AreEqual(1024, (int?)config["model_max_length"]);
    }

    [TestMethod]
    public void A_tokenizer_of_another_program_is_written_as_it_is()
    {
        const string Json = """{"model":{"type":"Unigram","vocab":[["a",0.0]]}}""";
        IReadOnlyDictionary<string, string> files = HuggingFaceTokenizers.FilesOf(new TokenColumnInfo(1, new Dictionary<string, int>(), Json, ""), contextLength: 8);
        Assert.AreEqual(Json, files["tokenizer.json"]);
        Assert.HasCount(1, files);
    }

    private static JsonObject Config(IReadOnlyDictionary<string, string> files) => JsonNode.Parse(files["tokenizer_config.json"])!.AsObject();
}
