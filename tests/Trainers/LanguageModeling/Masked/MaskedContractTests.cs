using Microsoft.ML;
using MLNetExt.LanguageModeling;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;
using MLNetExt.Training;

namespace MLNetExt.Tests.LanguageModeling;

/// <summary>How the contract's clauses reach into <see cref="MaskedLanguageModelTrainer"/>; its subclasses differ in network and dropping.</summary>
public abstract class MaskedContract : TrainerContract<MaskedLanguageModelOptions, SentenceRow, EmbeddingPrediction>
{
    /// <summary>What this subject changes.</summary>
    protected abstract void Configure(MaskedLanguageModelOptions options);

    protected override MaskedLanguageModelOptions Options()
    {
        MaskedLanguageModelOptions options = ShortOptions();
        (options.Seed, options.Network.Heads) = (5, 2);
        Configure(options);
        return options;
    }

    protected override IEstimator<ITransformer> Create(MLContext ml, MaskedLanguageModelOptions options) => Prepare(ml).Append(ml.LanguageModeling.Trainers.Masked(options));

    protected override IEstimator<ITransformer> CreateShort(MLContext ml) =>
        Prepare(ml).Append(ml.LanguageModeling.Trainers.Masked("Tokens", contextLength: ContextLength, width: 16, layers: 2, epochs: 2, batchSize: 8, learningRate: 0.01));

    protected override MaskedLanguageModelOptions ShortOptions()
    {
        var options = new MaskedLanguageModelOptions { BatchSize = 8, Network = { ContextLength = ContextLength, Width = 16, Layers = 2 } };
        (options.Training.Epochs, options.Training.LearningRate) = (2, 0.01);
        return options;
    }

    /// <summary>The tokenizer.</summary>
    protected virtual IEstimator<ITransformer> Prepare(MLContext ml) => ml.Transforms.Text.TokenizeBytePairs("Tokens", "Sentence", vocabularySize: 261);

    /// <summary>The positions; a text of the alphabet is longer.</summary>
    protected virtual int ContextLength => 16;

    protected override SentenceRow[] Rows() => SentenceRow.Many(48);

    protected override int PredictionsForMemory => 2_000;

    protected override void SetBlockSize(MaskedLanguageModelOptions options, int rows) => options.ScoringBlockSize = rows;

    protected override TrainingOptions Training(MaskedLanguageModelOptions options) => options.Training;

    protected override void SetSeed(MaskedLanguageModelOptions options, int? seed) => options.Seed = seed;

    protected override void SetMemoryBudget(MaskedLanguageModelOptions options, long bytes) => options.MemoryBudgetBytes = bytes;

    protected override IEnumerable<BadRow<SentenceRow>> BadRows => [new("a text longer than the positions", "Tokens", r => r.Sentence = "abcdefghijklmnopqrstuvwxyz")];

    protected override IReadOnlyDictionary<string, string> RequiredColumns { get; } = new Dictionary<string, string> { ["Sentence"] = "text" };
}

/// <summary>BERT, all of whose layers read all tokens, with validation.</summary>
[TestClass]
public sealed class BertTests : MaskedContract
{
    protected override void Configure(MaskedLanguageModelOptions options) => options.ValidationFraction = 0.2;
}

/// <summary>BERT that drops tokens at random, with recomputed activations.</summary>
[TestClass]
public sealed class RandomTokenDroppingTests : MaskedContract
{
    protected override void Configure(MaskedLanguageModelOptions options)
    {
        (options.Dropping.Kind, options.Dropping.Score, options.RecomputeActivations) = (TokenDroppingKind.TokenDropping, TokenDroppingScore.Random, true);
        options.Pooling = EncoderPooling.FirstToken;
    }
}

/// <summary>An encoder with norms before its sublayers and a stem, held to full passes, in a schedule.</summary>
[TestClass]
public sealed class ConsistentTokenDroppingTests : MaskedContract
{
    protected override void Configure(MaskedLanguageModelOptions options)
    {
        (options.Network.Family, options.Network.LocalStem, options.Network.Layers) = (EncoderFamily.PreNorm, true, 4);
        (options.Dropping.Kind, options.Dropping.Interval, options.Dropping.FullStart) = (TokenDroppingKind.Consistent, 2, 0.2);
    }
}

/// <summary>BERT over pairs of texts, whose tokens are of two kinds.</summary>
[TestClass]
public sealed class PairsOfTextsTests : MaskedContract
{
    // A vocabulary cannot be learned of no rows, which a clause gives.
    private static readonly Lazy<WordPieceTokenizer> s_letters = new(() =>
    {
        var ml = new MLContext(seed: 1);
        // Each letter at the start of a word and within one.
        IDataView texts = ml.Data.LoadFromEnumerable("abcdefghijklmnopqrstuvwxyz".Select(letter => new SentenceRow { Sentence = new string(letter, 2) }).ToArray());
        return ml.Transforms.Text.TokenizeWordPieces(new WordPieceOptions { InputColumnName = "Sentence", VocabularySize = 60, MaxTokenLength = 1 }).Fit(texts).Tokenizer;
    });

    protected override int ContextLength => 24;

    protected override IEstimator<ITransformer> Prepare(MLContext ml) => ml.Transforms.Text.TokenizeWordPieces(
        new WordPieceOptions { InputColumnName = "Sentence", SecondInputColumnName = "Sentence", TokenTypeColumnName = "Types", Tokenizer = s_letters.Value });

    protected override void Configure(MaskedLanguageModelOptions options)
    {
        options.TokenTypesColumnName = "Types";
        (options.Dropping.Kind, options.Dropping.Interval) = (TokenDroppingKind.Consistent, 2);
    }
}
