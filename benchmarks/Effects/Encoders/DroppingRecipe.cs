using System.Diagnostics;
using Microsoft.ML;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Tokenization;

namespace MLNetExt.Benchmarks;

/// <summary>A small encoder of characters over the licence texts, with and without token dropping.</summary>
/// <remarks>Six layers of width 96 with norms before the sublayers and the stem, without which it stays on the plateau of the characters' frequencies; rows of 32 tokens, the first of which
/// begins the row; 600 steps of 32 rows. The shape is that of the pilot from which the study was designed. Its rate, 3e-3, was too high here: 1e-3 and the warm-up are the best
/// of six that were tried with all tokens on seed 6, by the held-out rows.</remarks>
internal sealed class DroppingRecipe : IDisposable
{
    private const int Length = 31, BatchSize = 32, Steps = 600, HeldOutRows = 2_000, FrequentCharacter = 20;
    private const double KeepRatio = 0.5;

    private readonly MLContext _context;
    private readonly int _seed;
    private readonly BytePairTransformer _tokenizer;
    private readonly IDataView _train;
    private readonly IDataView _heldOut;
    private readonly long[] _counts;

    public DroppingRecipe(MLContext context, int seed)
    {
        (_context, _seed) = (context, seed);
        (string background, string heldOut) = LicenceText.Read();
        IDataView train = Windows(background, Steps * BatchSize, seed);
        _tokenizer = context.Transforms.Text
            .TokenizeBytePairs(new BytePairOptions { OutputColumnName = "Tokens", InputColumnName = nameof(TokenSequence.Text), VocabularySize = 261, AddBos = true })
            .Fit(train);
        _train = context.Data.Cache(_tokenizer.Transform(train), "Tokens");
        IDataView tokens = _tokenizer.Transform(Windows(heldOut, HeldOutRows, seed: 0));
        _heldOut = context.Transforms.Text.MaskTokens(new MaskTokensOptions()).Fit(tokens).Transform(tokens);
        _counts = Count(background, _tokenizer);
        UnigramEntropy = -Frequencies(Count(heldOut, _tokenizer)).Zip(Frequencies([.. _counts.Select(c => c + 1)]), (p, q) => p == 0 ? 0 : p * Math.Log(q)).Sum();
    }

    /// <summary>What a model of the training text's character frequencies alone loses of a held-out character, in nats.</summary>
    public double UnigramEntropy { get; }

    /// <summary>Trains an encoder.</summary>
    public (MaskedLanguageModelTransformer Model, double SecondsPerStep) Train(DroppingArm arm)
    {
        var options = new MaskedLanguageModelOptions
        {
            BatchSize = BatchSize,
            Seed = _seed,
            BucketByLength = false,
            Network = { Family = EncoderFamily.PreNorm, ContextLength = Length + 1, Width = 96, Layers = 6, Heads = 4, Dropout = 0, LocalStem = true },
            Dropping = { KeepRatio = KeepRatio },
            Training = { Epochs = 1, LearningRate = 1e-3, WarmupFraction = 0.2 },
        };
        arm.Configure(options.Dropping);
        var watch = Stopwatch.StartNew();
        MaskedLanguageModelTransformer model = _context.LanguageModeling.Trainers.Masked(options).Fit(_train);
        return (model, watch.Elapsed.TotalSeconds / Steps);
    }

    /// <summary>Measures an encoder on the held-out rows.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="table">By what dropped passes keep tokens; null for random ones.</param>
    public MaskedMetrics Measure(MaskedLanguageModelTransformer model, IReadOnlyList<float>? table)
    {
        var dropping = new TokenDroppingOptions
        {
            InputColumnName = "MaskedTokens",
            KeepRatio = KeepRatio,
            Scoring = table is null ? DropScoring.Random : DropScoring.Table,
            Table = table is null ? null : [.. table],
        };
        return _context.LanguageModeling.EvaluateMasked(model, _context.Transforms.Text.TokenDropping(dropping).Fit(_heldOut).Transform(_heldOut), keptColumnName: "KeepPositions");
    }

    /// <summary>Rare tokens score high, as in training.</summary>
    public float[] FrequencyTable() => DropPolicy.FrequencyTable(_counts);

    /// <summary>How the importance of characters goes with the logarithm of their frequency.</summary>
    public double Correlation(IReadOnlyList<float> importance)
    {
        int[] frequent = [.. Enumerable.Range(0, _counts.Length).Where(id => _counts[id] >= FrequentCharacter)];
        return RankCorrelation.Spearman([.. frequent.Select(id => (double)importance[id])], [.. frequent.Select(id => Math.Log(_counts[id]))]);
    }

    public void Dispose() => _tokenizer.Dispose();

    private IDataView Windows(string text, int count, int seed)
    {
        var random = new Random(seed);
        return _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => new TokenSequence { Text = text.Substring(random.Next(text.Length - Length), Length) }).ToArray());
    }

    private static long[] Count(string text, BytePairTransformer tokenizer)
    {
        var counts = new long[tokenizer.Tokenizer.VocabularySize];
        foreach (int id in tokenizer.Tokenizer.Encode(text))
            counts[id]++;
        return counts;
    }

    private static double[] Frequencies(long[] counts) => [.. counts.Select(c => c / (double)counts.Sum())];
}
