using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>Makes the sequences of a block of rows, of text or of tokens.</summary>
internal sealed class PreferenceEncoder(CausalModel model, CompletionEncoding encoding)
{
    /// <exception cref="ArgumentException">A column has text and the model no tokenizer, or tokens of another tokenizer.</exception>
    public void RequireFit(PreferenceColumns columns, DataViewSchema schema)
    {
        foreach (string name in columns.Sequences)
        {
            if (schema[name].Type is not TextDataViewType)
            {
                if (model.State.Tokens is { } tokens)
                    TokenAnnotations.RequireSame(schema[name], tokens.Fingerprint);
            }
            else if (model.Tokenizer is null)
            {
                throw new ArgumentException($"Column '{name}' is text, and the model has no tokenizer: give tokens, or a model that was trained on a column of Text.TokenizeBytePairs.");
            }
        }
    }

    /// <summary>The sequences of each completion column, row by row.</summary>
    /// <exception cref="InvalidDataException">An id is not in the vocabulary; the message names column and row.</exception>
    public CompletionSequence[][] Encode(PreferenceColumns columns, TensorBatch batch)
    {
        int[][]? prompts = columns.Prompt is { } prompt ? Tokens(batch, prompt, model.EncodePrompt) : null;
        int[][][] completions = [.. columns.Completions.Select(c => Tokens(batch, c, prompts is null ? model.EncodePrompt : model.EncodeCompletion))];
        if (prompts is null)
            (prompts, completions) = ImplicitPrompts.Split(completions);
        return [.. completions.Select(side => side.Zip(prompts, (completion, before) => encoding.Join(before, completion)).ToArray())];
    }

    private int[][] Tokens(TensorBatch batch, string column, Func<string, int[]> encode)
    {
        if (batch.IsText(column))
            return [.. batch.Text(column).Select(encode)];
        TokenRows rows = batch.Tokens(column);
        ReadOnlySpan<long> ids = MemoryMarshal.Cast<byte, long>(rows.Ids.bytes), lengths = MemoryMarshal.Cast<byte, long>(rows.Lengths.bytes);
        int width = (int)rows.Ids.shape[1];
        var tokens = new int[lengths.Length][];
        for (int row = 0; row < tokens.Length; row++)
        {
            tokens[row] = new int[lengths[row]];
            for (int t = 0; t < tokens[row].Length; t++)
                tokens[row][t] = (int)ids[row * width + t];
            int vocabulary = model.State.Network.VocabularySize;
            if (tokens[row].AsSpan().IndexOfAnyExceptInRange(0, vocabulary - 1) is >= 0 and var bad)
                throw new InvalidDataException($"Column '{column}' has the id {tokens[row][bad]} in slot {bad} of row {batch.FirstRow + row}, which is not in the vocabulary of {vocabulary} tokens.");
        }

        return tokens;
    }
}
