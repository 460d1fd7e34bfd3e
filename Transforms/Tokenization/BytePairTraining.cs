using System.Text;
using Microsoft.ML;
using MLNetExt.Components;

namespace MLNetExt.Tokenization;

/// <summary>One Fit that learns: counts the pieces of the texts, then merges.</summary>
internal sealed class BytePairTraining(ComponentHost host, BytePairOptions options)
{
    private const int MergesBetweenChecks = 32;
    private const int MergesBetweenMessages = 2048;
    private readonly TextRows _rows = new(host, options.CancellationToken);

    /// <exception cref="NotSupportedException">The process cannot normalise text.</exception>
    /// <exception cref="OperationCanceledException">Learning was cancelled.</exception>
    public BytePairModel Learn(IDataView input)
    {
        TokenizerSettings settings = Settings(SpecialTokens.Write);
        settings.Check();
        Dictionary<string, long> pieces = Count(input);
        host.Info($"Learning byte pairs from {pieces.Values.Sum()} pieces of text, {pieces.Count} of them different.");
        var learner = new BytePairLearner(pieces.Select(piece => (Encoding.UTF8.GetBytes(piece.Key), piece.Value)));
        string[] special = [.. options.SpecialTokens.Select(SpecialTokens.Write)];
        int size = options.VocabularySize - special.Length;
        int merges = 0;
        while (learner.TokenCount < size && learner.MergeNext(options.MinFrequency))
        {
            if (++merges % MergesBetweenChecks == 0)
                _rows.ThrowIfCancelled();
            if (merges % MergesBetweenMessages == 0)
                host.Info($"{learner.TokenCount} of {size} tokens.");
        }
        host.Info($"Learned {learner.TokenCount} tokens, {learner.Merges.Count} of them merges.");
        return new BytePairModel([.. special, .. learner.Tokens], learner.Merges, Enumerable.Range(0, special.Length).ToHashSet(), settings);
    }

    /// <summary>The settings that the options ask for.</summary>
    /// <param name="token">The token of a role.</param>
    public TokenizerSettings Settings(Func<string, string> token) => new(
        options.Lowercase, options.NormalizeUnicode, options.AddBos ? token(SpecialTokens.Bos) : null, options.AddEos ? token(SpecialTokens.Eos) : null, options.MaxTokens);

    private Dictionary<string, long> Count(IDataView input)
    {
        var counts = new Dictionary<string, long>();
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string value in _rows.Read(input, options.InputColumn))
        {
            string text = TextPieces.Normalize(value, options.Lowercase, options.NormalizeUnicode);
            foreach (System.Text.RegularExpressions.ValueMatch piece in TextPieces.Regex().EnumerateMatches(text))
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(piece.Index, piece.Length), out _)++;
        }
        return counts;
    }
}
