using Microsoft.ML;
using MLNetExt.Tests.Contract;
using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

/// <summary>How the contract's clauses reach into <see cref="WordPieceEstimator"/>; its subclasses differ in options and rows.</summary>
public abstract class WordPieceContract<TRow, TPrediction> : EstimatorContract<WordPieceOptions, TRow, TPrediction>
    where TRow : class, new()
    where TPrediction : class, IPrediction, new()
{
    protected override string WeightsSuffix => "tokenizer.json";

    protected override IEstimator<ITransformer> Create(MLContext ml, WordPieceOptions options) => ml.Transforms.Text.TokenizeWordPieces(options);

    // Texts are encoded one by one: there is no block size to set.
    protected override void SetBlockSize(WordPieceOptions options, int rows) => Assert.IsGreaterThan(0, rows);

    protected static string? Sentence(int i) => i % 15 == 0 ? "" : i % 16 == 0 ? null : $"The {i} cats sat on {i % 7} mats — naïve façade {(i % 5 == 0 ? "🐈‍⬛" : "…")}";
}
