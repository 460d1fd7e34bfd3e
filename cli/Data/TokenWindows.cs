using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Data;

/// <summary>Documents as rows of tokens that an encoder can read whole: a longer document is several rows, each between the tokens that begin and end a text.</summary>
/// <param name="Rows">A view of one token column.</param>
/// <param name="Count">How many rows there are.</param>
/// <param name="Tokens">How many tokens, without those set around texts.</param>
internal sealed record TokenWindows(IDataView Rows, int Count, long Tokens)
{
    /// <param name="ml">The context.</param>
    /// <param name="tokenizer">The tokenizer; where it cuts texts is not looked at.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="tokensColumn">The column to make.</param>
    /// <param name="length">The most tokens of a row. A word is not cut, unless it alone is longer.</param>
    /// <param name="cancellation">Stops between documents.</param>
    public static TokenWindows Create(MLContext ml, WordPieceTokenizer tokenizer, IEnumerable<string> documents, string tokensColumn, int length, CancellationToken cancellation)
    {
        WordPieceTokenizer endless = tokenizer.WithMaxTokens(null);
        int[] around = endless.Encode("");
        List<Row> rows = [];
        long tokens = 0;
        foreach (string document in documents)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] ids = endless.Encode(document);
            int[] words = around.Length == 0 ? ids : ids[1..^1];
            tokens += words.Length;
            rows.AddRange(Cut(words, length - around.Length, endless).Select(part => new Row { Tokens = around.Length == 0 ? part : [around[0], .. part, around[1]] }));
        }

        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Tokens)].ColumnName = tokensColumn;
        tokenizer.ColumnInfo.AddTo(schema[nameof(Row.Tokens)]);
        return new TokenWindows(ml.Data.LoadFromEnumerable(rows, schema), rows.Count, tokens);
    }

    private static IEnumerable<int[]> Cut(int[] words, int room, WordPieceTokenizer tokenizer)
    {
        for (int start = 0, end; start < words.Length; start = end)
        {
            end = Math.Min(start + room, words.Length);
            int word = end;
            while (word > start && word < words.Length && tokenizer.IsContinuation(words[word]))
                word--;
            end = word > start ? word : end;
            yield return words[start..end];
        }
    }

    private sealed class Row
    {
        public int[] Tokens { get; set; } = [];
    }
}
