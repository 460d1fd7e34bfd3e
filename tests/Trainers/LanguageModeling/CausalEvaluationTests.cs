using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.LanguageModeling;

[TestClass]
public sealed class CausalEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Evaluators_refuse_another_vocabulary_of_the_same_size()
    {
        SentenceRow[] rows = SentenceRow.Many(40);
        using BytePairTransformer own = Learn(rows), other = Learn(rows.Select(row => new SentenceRow { Sentence = string.Concat(row.Sentence.Reverse()) }));
        Assert.AreEqual(own.VocabularySize, other.VocabularySize);
        IDataView texts = _ml.Data.LoadFromEnumerable(rows), tokens = own.Transform(texts), others = other.Transform(texts);
        using CausalLanguageModelTransformer model = TinyModel.Fit(epochs: 1, data: tokens);
        Assert.AreEqual(own.Tokenizer.Fingerprint, model.TokenizerFingerprint);
        Assert.AreEqual(40, _ml.LanguageModeling.EvaluatePerplexity(model, tokens).DocumentCount);
        Assert.IsNotEmpty(_ml.LanguageModeling.EvaluateMemorization(model, tokens, prefixLength: 2, suffixLength: 1).Documents);

        Refused(() => _ml.LanguageModeling.EvaluatePerplexity(model, others));
        Refused(() => _ml.LanguageModeling.EvaluateMemorization(model, others, prefixLength: 2, suffixLength: 1));
    }

    private static void Refused(Func<object> evaluate) => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(evaluate).Message, "was made by the tokenizer");

    private BytePairTransformer Learn(IEnumerable<SentenceRow> rows) =>
        _ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 263).Fit(_ml.Data.LoadFromEnumerable(rows));
}
