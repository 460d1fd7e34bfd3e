using MLNetExt.Columns;

namespace MLNetExt.Sequences;

/// <summary>A model that says how likely each token of a sequence is, given those before it.</summary>
/// <remarks>Evaluation sees language models through this, <see cref="ITextGenerator"/> and <see cref="ITextCodec"/> alone.</remarks>
public interface ISequenceScorer
{
    /// <summary>The number of tokens that the model knows: ids lie in <c>[0, VocabularySize)</c>.</summary>
    int VocabularySize { get; }

    /// <summary>The longest sequence that can be scored at once, in tokens.</summary>
    int ContextLength { get; }

    /// <summary>The <see cref="TokenColumnInfo.Fingerprint"/> of the tokenizer whose ids the model knows: evaluators refuse a column of another, and one that does
    /// not say. Null for a model that takes any.</summary>
    string? TokenizerFingerprint => null;

    /// <summary>The log-probabilities, in nats, of every token but the first of each sequence: entry t belongs to token t + 1, given tokens 0 to t.</summary>
    /// <param name="sequences">Sequences of 1 to <see cref="ContextLength"/> ids. How many there are is not limited: the model takes them in batches.</param>
    /// <returns>For each sequence as many values as it has ids, less one.</returns>
    /// <exception cref="ArgumentException">A sequence is empty or too long, or an id is outside the vocabulary; the message names the sequence.</exception>
    IReadOnlyList<float[]> LogProbabilities(IReadOnlyList<int[]> sequences);
}
