using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>What a saved generator holds beside its weights.</summary>
/// <param name="Model">The model.</param>
/// <param name="InputColumn">The prompts.</param>
/// <param name="OutputColumn">The continuations.</param>
/// <param name="ReadsText">Whether the prompts are texts; otherwise tokens.</param>
/// <param name="Generation">How tokens are chosen.</param>
internal sealed record TextGenerationState(CausalState Model, string InputColumn, string OutputColumn, bool ReadsText, GenerationOptions Generation)
{
    /// <exception cref="InvalidDataException">A value cannot be.</exception>
    public void RequireSound()
    {
        if (Model?.Tokens is null || string.IsNullOrEmpty(InputColumn) || string.IsNullOrEmpty(OutputColumn) || Generation is null)
            throw new InvalidDataException("The model is damaged: its tokenizer, columns or generation options are missing.");
        try
        {
            Generation.Validate();
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The model is damaged: {e.Message}");
        }
    }
}
