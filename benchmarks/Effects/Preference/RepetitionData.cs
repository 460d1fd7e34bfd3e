using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Benchmarks;

/// <summary>Characters of licence texts: those that a model learns from, and whole other licences, which it is asked to go on with.</summary>
internal sealed class RepetitionData
{
    /// <summary>Characters of a prompt, and of the completion that is asked for.</summary>
    public const int PromptLength = 24, CompletionLength = 60;

    /// <summary>Tokens that the model reads at once.</summary>
    public const int ContextLength = 96;

    private const int TrainingPrompts = 600, TestPrompts = 240, HeldOutRows = 200;
    private readonly MLContext _context;
    private readonly BytePairTokenizer _tokenizer;
    private readonly string _background;
    private readonly string _heldOut;

    public RepetitionData(MLContext context)
    {
        _context = context;
        (_background, _heldOut) = LicenceText.Read();
        IDataView text = context.Data.LoadFromEnumerable([new TokenSequence { Text = _background }]);
        // 256 bytes and 5 special tokens: no pair of characters becomes a token.
        using BytePairTransformer fitted = context.Transforms.Text.TokenizeBytePairs("Learned", nameof(TokenSequence.Text), vocabularySize: 261).Fit(text);
        _tokenizer = fitted.Tokenizer;
        Test = Places(_heldOut, TestPrompts, PromptLength + CompletionLength, seed: 0);
        HeldOut = View(Places(_heldOut, HeldOutRows, ContextLength + 1, seed: 1));
    }

    /// <summary>Passages of the held-out licences: a prompt, and how it goes on.</summary>
    public string[] Test { get; }

    /// <summary>Longer passages of them, to measure perplexity.</summary>
    public IDataView HeldOut { get; }

    /// <summary>Rows for the model that all begin with.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">Decides the places.</param>
    public IDataView Background(int rows, int seed) => View(Places(_background, rows, ContextLength + 1, seed));

    /// <summary>Beginnings for which completions are compared.</summary>
    /// <param name="seed">Decides the places.</param>
    public string[] Prompts(int seed) => Places(_background, TrainingPrompts, PromptLength, seed);

    private static string[] Places(string text, int count, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => text.Substring(random.Next(text.Length - length), length))];
    }

    private IDataView View(string[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TokenSequence));
        _tokenizer.ColumnInfo.AddTo(schema[nameof(TokenSequence.Tokens)]);
        return _context.Data.LoadFromEnumerable(rows.Select(text => new TokenSequence { Text = text, Tokens = _tokenizer.Encode(text) }).ToArray(), schema);
    }
}
