using Microsoft.ML;
using MLNetExt.Benchmarks;
using MLNetExt.LanguageModeling;
using MLNetExt.Tokenization;
using TorchSharp;

namespace MLNetExt.Tests.Effects;

/// <summary>A classifier on an encoder that was pre-trained on the classified texts. <c>benchmarks -- effects banking</c> prints these runs and more.</summary>
[TestClass]
public sealed class TextClassifierEffectTests
{
    private const int Seeds = 3;

    /// <summary>Of pre-training and classifier together, a seed.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(20);

    [TestInitialize]
    public void OneThread() => torch.set_num_threads(1);

    [TestMethod]
    [TestCategory("Effect")]
    public void Intents_of_a_banks_customers_are_told_and_pretraining_does_not_harm()
    {
        var context = new MLContext(seed: 0);
        if (LabelledTexts.Banking(context) is not { } texts)
        {
            Assert.Inconclusive("banking77 is not in ../shared/data.");
            return;
        }

        WordPieceTokenizer tokenizer = TextClassifierRecipe.LearnTokens(context, texts.Train);
        List<double> pretrained = [], scratch = [];
        for (int seed = 1; seed <= Seeds; seed++)
        {
            (MaskedLanguageModelTransformer encoder, double seconds) = TextClassifierRecipe.Banking.Pretrain(context, tokenizer, texts.Train, seed);
            using (encoder)
            {
                (double accuracy, double more) = TextClassifierRecipe.Banking.Classify(context, tokenizer, texts, encoder, seed);
                pretrained.Add(accuracy);
                Assert.IsLessThanOrEqualTo(s_budget.TotalSeconds, seconds + more, $"seconds of seed {seed}");
            }

            scratch.Add(TextClassifierRecipe.Banking.Classify(context, tokenizer, texts, null, seed).Accuracy);
        }

        Assert.IsGreaterThanOrEqualTo(0.84, pretrained.Average());
        Assert.IsGreaterThanOrEqualTo(scratch.Average(), pretrained.Average());
    }
}
