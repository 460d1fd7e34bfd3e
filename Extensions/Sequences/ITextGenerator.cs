namespace MLNetExt.Sequences;

/// <summary>A model that continues sequences of tokens.</summary>
public interface ITextGenerator
{
    /// <summary>The longest sequence, prompt and continuation together, in tokens.</summary>
    int ContextLength { get; }

    /// <inheritdoc cref="ISequenceScorer.TokenizerFingerprint"/>
    string? TokenizerFingerprint => null;

    /// <summary>Continues each prompt.</summary>
    /// <param name="prompts">Prompts of at least 1 id. How many there are is not limited: the model takes them in batches.</param>
    /// <param name="options">How to choose tokens.</param>
    /// <param name="cancellationToken">Ends the call after the token that is being computed.</param>
    /// <returns>The new ids of each prompt, without the prompt itself.</returns>
    /// <exception cref="ArgumentException">A prompt is empty, or too long to be continued by as many tokens as asked for; or an id is outside the vocabulary.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    IReadOnlyList<int[]> Generate(IReadOnlyList<int[]> prompts, GenerationOptions options, CancellationToken cancellationToken = default);
}
