using System.Runtime.InteropServices;
using Microsoft.ML;
using MLNetExt.Components;
using static MLNetExt.Tokenization.TokenizerOptionsCheck;

namespace MLNetExt.Tokenization;

/// <summary>One Fit that learns: counts the words of the texts, then joins their characters.</summary>
internal sealed class WordPieceTraining(ComponentHost host, WordPieceOptions options)
{
    private const int MergesBetweenChecks = 32;
    private const int MergesBetweenMessages = 2048;
    private readonly TextRows _rows = new(host, options.CancellationToken);

    /// <exception cref="ArgumentException">There is no text, or its characters do not fit in the vocabulary.</exception>
    /// <exception cref="NotSupportedException">The process cannot normalise text.</exception>
    /// <exception cref="OperationCanceledException">Learning was cancelled.</exception>
    public WordPieceModel Learn(IDataView input)
    {
        WordPieceSettings settings = options.Settings;
        settings.Check();
        Dictionary<string, long> words = Count(input, settings);
        if (words.Count == 0)
            throw new ArgumentException($"Column {string.Join(" and ", options.InputColumns.Select(name => $"'{name}'"))} has no text to learn a vocabulary from: give texts, or a {nameof(options.VocabularyFile)}.");
        host.Info($"Learning word pieces from {words.Values.Sum()} words, {words.Count} of them different.");
        string[] special = [.. WordPieceModel.Roles.Select(WordPieceModel.Write)];
        var learner = new WordPieceLearner(words, options.MaxCharacters, options.MaxTokenLength);
        if (learner.DroppedCharacters > 0)
            host.Warn($"{learner.DroppedCharacters} characters are rarer than the {learner.CharacterCount} that {nameof(options.MaxCharacters)} keeps: words with one are {WordPieceModel.Write(WordPieceModel.Unknown)}.");
        int smallest = special.Length + learner.AlphabetSize;
        Require(
            options.VocabularySize >= smallest, nameof(options.VocabularySize), options.VocabularySize,
            $"at least {smallest}: {special.Length} special tokens, and {learner.AlphabetSize} for the {learner.CharacterCount} characters of the texts, at a word's beginning and within one; "
            + $"raise it, or set {nameof(options.MaxCharacters)}");
        Merge(learner, options.VocabularySize - special.Length);
        return new WordPieceModel([.. special, .. learner.Tokens], Enumerable.Range(0, special.Length).ToHashSet(), settings);
    }

    private void Merge(WordPieceLearner learner, int size)
    {
        int merges = 0;
        while (learner.Tokens.Count < size && learner.MergeNext(options.MinFrequency))
        {
            if (++merges % MergesBetweenChecks == 0)
                _rows.ThrowIfCancelled();
            if (merges % MergesBetweenMessages == 0)
                host.Info($"{learner.Tokens.Count} of {size} tokens.");
        }
        host.Info($"Learned {learner.Tokens.Count} tokens, {learner.AlphabetSize} of them characters.");
    }

    private Dictionary<string, long> Count(IDataView input, WordPieceSettings settings)
    {
        var counts = new Dictionary<string, long>();
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string value in options.InputColumns.SelectMany(column => _rows.Read(input, column)))
        {
            string text = settings.Normalize(value);
            foreach ((int offset, int length) in BertWords.Instance.PreTokenize(text))
            {
                if (length <= settings.MaxWordLength)
                    CollectionsMarshal.GetValueRefOrAddDefault(lookup, text.AsSpan(offset, length), out _)++;
            }
        }
        return counts;
    }
}
