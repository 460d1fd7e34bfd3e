using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Benchmarks;

/// <summary>Passages to be recited or not: canaries that a model sees over and over, others of the same texts that it never sees, and background to learn from.</summary>
internal sealed class GoldfishData
{
    /// <summary>Tokens of a passage: the context and one that follows.</summary>
    public const int PassageLength = 97;

    /// <summary>Tokens of a canary that are there at every offset.</summary>
    public const int MovedLength = 71;

    private const int CanaryCount = 16;
    private const int VocabularySize = 512;
    private const int RowsOfAStep = 16;
    private static readonly int[] s_offsets = [0, 13, 26];
    private readonly MLContext _context;
    private readonly TokenColumnInfo _tokens;
    private readonly BytePairTokenizer _tokenizer;
    private readonly int[] _background;

    public GoldfishData(MLContext context)
    {
        _context = context;
        (string background, string heldOut) = LicenceText.Read();
        IDataView text = context.Data.LoadFromEnumerable([new TokenSequence { Text = background }]);
        using BytePairTransformer fitted = context.Transforms.Text.TokenizeBytePairs("Learned", nameof(TokenSequence.Text), vocabularySize: VocabularySize).Fit(text);
        _tokenizer = fitted.Tokenizer;
        _tokens = _tokenizer.ColumnInfo;
        _background = _tokenizer.Encode(background);
        int[][] passages = [.. _tokenizer.Encode(heldOut).Chunk(PassageLength).Where(p => p.Length == PassageLength)];
        // Every fourth passage is a canary, and every fourth one never seen: both are spread evenly over the same texts.
        Canaries = [.. passages.Where((_, i) => i % 4 == 0).Take(CanaryCount)];
        NonMembers = [.. passages.Where((_, i) => i % 4 == 2).Take(CanaryCount)];
        Validation = View(passages.Where((_, i) => i % 2 == 1));
    }

    /// <summary>What is seen over and over.</summary>
    public int[][] Canaries { get; }

    /// <summary>As many of the same texts that are never seen.</summary>
    public int[][] NonMembers { get; }

    /// <summary>The rest of the held-out passages.</summary>
    public IDataView Validation { get; }

    /// <summary>Rows of tokens that say which tokenizer made them.</summary>
    public IDataView View(IEnumerable<int[]> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TokenSequence));
        _tokens.AddTo(schema[nameof(TokenSequence.Tokens)]);
        return _context.Data.LoadFromEnumerable(rows.Select(ids => new TokenSequence { Tokens = ids, Text = _tokenizer.Decode(ids) }).ToArray(), schema);
    }

    /// <summary>The rows of so many steps: half of them canaries, each equally often, the others background from places that the seed decides.</summary>
    /// <param name="steps">Optimiser steps of 16 rows.</param>
    /// <param name="withCanaries">Whether canaries are among them; otherwise background takes their places.</param>
    /// <param name="atOffsets">Whether a canary's first <see cref="MovedLength"/> tokens stand 0, 13 or 26 tokens behind the row's start, with background around them.</param>
    /// <param name="seed">Decides the places.</param>
    public IDataView Training(int steps, bool withCanaries, bool atOffsets, int seed)
    {
        var random = new Random(seed);
        int[] Background(int length)
        {
            int start = random.Next(_background.Length - length);
            return _background[start..(start + length)];
        }

        int[] Row(int i)
        {
            if (i % 2 == 1 || !withCanaries)
                return Background(PassageLength);
            int[] canary = Canaries[i / 2 % CanaryCount];
            if (!atOffsets)
                return canary;
            int offset = s_offsets[random.Next(s_offsets.Length)];
            return [.. Background(offset), .. canary[..MovedLength], .. Background(PassageLength - MovedLength - offset)];
        }

        return View(Enumerable.Range(0, steps * RowsOfAStep).Select(Row));
    }
}
