using System.Numerics.Tensors;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Fitting;
using MLNetExt.Training;

namespace MLNetExt.LanguageModeling;

/// <summary>Looks at every row of tokens once: checks ids and loss mask, counts what there is to learn, and leaves out rows that predict nothing.</summary>
/// <param name="columns">The token column, and its mask if there is one.</param>
/// <param name="vocabularySize">Ids must lie below it.</param>
/// <param name="contextLength">A row may have one token more.</param>
/// <param name="host">Ends the pass when it is canceled.</param>
internal sealed class CausalRows(CausalColumns columns, int vocabularySize, int contextLength, ComponentHost host) : IFitRows
{
    private const int TokensAt = 0, MaskAt = 1;

    /// <summary>Rows of fewer than two tokens.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Tokens that are predicted: all but the first of each row.</summary>
    public long Targets { get; private set; }

    /// <summary>Those whose weight is above 0.</summary>
    public long KeptTargets { get; private set; }

    /// <summary>A digest of the rows that were kept.</summary>
    public RowDigest Digest { get; } = new();

    /// <exception cref="InvalidDataException">An id is not in the vocabulary, a row is too long, or a mask does not fit its tokens.</exception>
    /// <exception cref="OperationCanceledException">The host was canceled.</exception>
    public bool Visit(RowReader row)
    {
        if (host.IsCanceled)
            throw new OperationCanceledException("The MLContext was canceled while the data were read.");
        ReadOnlySpan<int> tokens = row.Tokens(TokensAt);
        RequireTokens(tokens, row.Row);
        ReadOnlySpan<float> mask = columns.LossMask is null ? default : row.TokenWeights(MaskAt);
        if (columns.LossMask is not null)
            RequireMask(mask, tokens.Length, row.Row);
        if (tokens.Length < 2)
        {
            LeftOut++;
            return false;
        }

        Targets += tokens.Length - 1;
        KeptTargets += columns.LossMask is null ? tokens.Length - 1 : tokens.Length - 1 - mask[1..].Count(0);
        Digest.Add(row.Row);
        Digest.Add(tokens);
        Digest.Add(mask);
        return true;
    }

    public void Report(string part)
    {
        if (LeftOut > 0)
            host.Warn($"{LeftOut} rows of the {part} data have fewer than two tokens and are left out: nothing is predicted in them.");
    }

    private void RequireTokens(ReadOnlySpan<int> tokens, long row)
    {
        if (tokens.Length > contextLength + 1)
            throw new InvalidDataException(
                $"Column '{columns.Tokens}' has {tokens.Length} tokens in row {row}, but the model takes {contextLength} and the one that follows: cut documents with mlContext.Transforms.Text.ChunkTokens, or raise ContextLength.");
        if (tokens.IndexOfAnyExceptInRange(0, vocabularySize - 1) is >= 0 and var bad)
            throw new InvalidDataException(
                $"Column '{columns.Tokens}' has the id {tokens[bad]} in row {row}, slot {bad}, which is not in the vocabulary of {vocabularySize} tokens.");
    }

    private void RequireMask(ReadOnlySpan<float> mask, int tokens, long row)
    {
        if (mask.Length != tokens)
            throw new InvalidDataException(
                $"Column '{columns.LossMask}' has {mask.Length} weights in row {row} for the {tokens} tokens of column '{columns.Tokens}': make the mask of this token column (mlContext.Transforms.Text.GoldfishMask), and cut both together.");
        if (!TensorPrimitives.IsFiniteAll(mask) || (mask.Length > 0 && TensorPrimitives.Min(mask) < 0))
            throw new InvalidDataException($"Column '{columns.LossMask}' has a weight in row {row} that is negative or not finite.");
    }
}
