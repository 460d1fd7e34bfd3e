using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Networks;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>The tokens that encoders find in the place of masks.</summary>
[TestClass]
public sealed class FillMaskTests
{
    private static readonly string[] s_sentences = ["red green blue", "one two three four"];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void What_was_learned_is_found_for_each_mask()
    {
        using MaskedLanguageModelTransformer model = Learned(WordPieces());
        IReadOnlyList<IReadOnlyList<MaskCandidate>> found = model.FillMask("Red [MASK] blue", count: 3);
        Assert.HasCount(1, found);
        Assert.HasCount(3, found[0]);
        Assert.AreEqual("green", found[0][0].Text);
        Assert.IsGreaterThan(0.5, found[0][0].Probability);

        found = model.FillMask("one [MASK] three [MASK]", count: 1);
        CollectionAssert.AreEqual((string[])["two", "four"], found.Select(tokens => tokens[0].Text).ToArray());
    }

    [TestMethod]
    public void Byte_pairs_are_found_with_the_space_before_them()
    {
        using MaskedLanguageModelTransformer model = Learned(_ml.Transforms.Text.TokenizeBytePairs(new BytePairOptions { InputColumnName = "Sentence", VocabularySize = 400 }));
        Assert.AreEqual(" green", model.FillMask("red <|mask|> blue")[0][0].Text);
        Assert.AreEqual("red", model.FillMask("<|mask|> green blue")[0][0].Text);
    }

    [TestMethod]
    public void Probabilities_are_those_of_the_score_in_falling_order()
    {
        using MaskedLanguageModelTransformer model = Learned(WordPieces());
        var tokenizer = (WordPieceTokenizer)model.Tokenizer!;
        int[] ids = tokenizer.EncodeMasked("[MASK] green [MASK]");
        IReadOnlyList<IReadOnlyList<MaskCandidate>> found = model.FillMask(ids, model.VocabularySize), text = model.FillMask("[MASK] green [MASK]", model.VocabularySize);
        int[] masks = [.. Enumerable.Range(0, ids.Length).Where(place => ids[place] == tokenizer.SpecialTokens["mask"])];
        Assert.HasCount(2, found);
        for (int mask = 0; mask < 2; mask++)
        {
            CollectionAssert.AreEqual(found[mask].ToArray(), text[mask].ToArray());
            Assert.AreEqual(1, found[mask].Sum(token => token.Probability), 1e-5);
            CollectionAssert.AreEqual(found[mask].OrderByDescending(token => token.Probability).Select(token => token.Id).ToArray(), found[mask].Select(token => token.Id).ToArray());
            foreach (MaskCandidate token in found[mask])
            {
                int[] targets = [.. ids.Select((_, place) => place == masks[mask] ? token.Id : -1)];
                Assert.AreEqual(Math.Exp(model.Score([new(ids, targets)])[0].LogProbabilities.Single()), token.Probability, 1e-5);
                Assert.AreEqual(tokenizer.TokenText(token.Id), token.Text);
            }
        }
    }

    [TestMethod]
    public void A_model_without_a_tokenizer_reads_ids()
    {
        using MaskedLanguageModelTransformer model = _ml.LanguageModeling.LoadHuggingFaceEncoder(new ModelFixture("bert_tiny").Path);
        Assert.Contains("has no tokenizer", Assert.ThrowsExactly<InvalidOperationException>(() => model.FillMask("a [MASK]")).Message);
        Assert.Contains("say which id", Assert.ThrowsExactly<InvalidOperationException>(() => model.FillMask([94, 29, 93, 45, 95])).Message);
        IReadOnlyList<MaskCandidate> found = model.FillMask([94, 29, 93, 45, 95], count: 97, maskId: 93)[0];
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 97).ToArray(), found.Select(token => token.Id).ToArray());
        Assert.IsTrue(found.All(token => token.Text is null));
        Assert.AreEqual(1, found.Sum(token => token.Probability), 1e-5);
    }

    [TestMethod]
    public void What_cannot_be_filled_is_refused()
    {
        using MaskedLanguageModelTransformer model = Learned(WordPieces(), epochs: 1);
        void Refused<T>(string part, Action call)
            where T : Exception => Assert.Contains(part, Assert.ThrowsExactly<T>(call).Message);

        Refused<ArgumentException>("The text has no [MASK]", () => model.FillMask("red [mask] blue"));
        Refused<ArgumentException>("The text has 18 tokens, but the model reads 16", () => model.FillMask("[MASK]" + string.Concat(Enumerable.Repeat(" red", 15))));
        Refused<ArgumentException>("There is no mask, 4, among the 3 ids", () => model.FillMask([2, 5, 3]));
        Refused<ArgumentException>("There are 17 tokens, but the model reads 16", () => model.FillMask(Enumerable.Repeat(4, 17).ToArray()));
        Refused<ArgumentException>("The id -1 in slot 1 is not in the vocabulary", () => model.FillMask([4, -1]));
        Refused<ArgumentException>($"The id {model.VocabularySize} in slot 0", () => model.FillMask([model.VocabularySize], maskId: model.VocabularySize));
        Refused<ArgumentOutOfRangeException>("from 1 to", () => model.FillMask("[MASK]", 0));
        Refused<ArgumentOutOfRangeException>("from 1 to", () => model.FillMask("[MASK]", model.VocabularySize + 1));
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.FillMask("[MASK]"));
    }

    private WordPieceEstimator WordPieces() =>
        _ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", VocabularySize = 80, MinFrequency = 1 });

    private MaskedLanguageModelTransformer Learned(IEstimator<ITransformer> tokenizer, int epochs = 80)
    {
        IDataView texts = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(i => new SentenceRow { Sentence = s_sentences[i % s_sentences.Length] }));
        return TinyEncoder.Fit(_ml, o => (o.Network.LocalStem, o.Masking.Rate, o.Training.Epochs) = (true, 0.5, epochs), tokenizer.Fit(texts).Transform(texts));
    }
}
