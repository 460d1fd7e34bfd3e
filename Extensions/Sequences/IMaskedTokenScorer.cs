using MLNetExt.Columns;

namespace MLNetExt.Sequences;

/// <summary>An encoder that says how likely masked tokens are, given all the others, and gives each token a vector.</summary>
/// <remarks>Evaluation sees encoders through this alone.</remarks>
public interface IMaskedTokenScorer
{
    /// <summary>The number of tokens that the model knows: ids lie in <c>[0, VocabularySize)</c>.</summary>
    int VocabularySize { get; }

    /// <summary>The longest sequence that can be read, in tokens.</summary>
    int ContextLength { get; }

    /// <summary>The size of a token's vector.</summary>
    int Width { get; }

    /// <summary>The <see cref="TokenColumnInfo.Fingerprint"/> of the tokenizer whose ids the model knows; null for a model that takes any.</summary>
    string? TokenizerFingerprint => null;

    /// <summary>Whether the model was trained with the kinds of tokens, and <see cref="MaskedSequence.Types"/> must be given.</summary>
    bool ReadsTypes => false;

    /// <summary>Reads sequences without dropout.</summary>
    /// <param name="sequences">How many there are is not limited: the model takes them in batches.</param>
    /// <param name="withVectors">Whether <see cref="MaskedTokenScores.Vectors"/> are wanted; they take much more memory than the rest.</param>
    /// <returns>What the model says of each.</returns>
    /// <exception cref="ArgumentException">A sequence is empty or too long, an id is outside the vocabulary, what is kept are not places of it, or its kinds are not known; the message names the sequence.</exception>
    IReadOnlyList<MaskedTokenScores> Score(IReadOnlyList<MaskedSequence> sequences, bool withVectors = true);
}
