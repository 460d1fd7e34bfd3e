namespace MLNetExt.Sequences;

/// <summary>How a model chooses the tokens of a continuation: greedily as it stands.</summary>
public sealed class GenerationOptions
{
    /// <summary>The most tokens to add; at least 1.</summary>
    public int MaxNewTokens { get; set; } = 64;

    /// <summary>Divides the logits before a token is drawn; 0 for the most likely token, always.</summary>
    public double Temperature { get; set; }

    /// <summary>Only this many of the most likely tokens are drawn from, at a <see cref="Temperature"/> above 0; 0 for all.</summary>
    public int TopK { get; set; }

    /// <summary>Only the most likely tokens that together have at least this probability are drawn from, at a <see cref="Temperature"/> above 0 (nucleus sampling, arXiv 1904.09751); in (0, 1].</summary>
    public double TopP { get; set; } = 1;

    /// <summary>Divides positive and multiplies negative logits of tokens that are in the sequence already (arXiv 1909.05858); at least 1, which changes nothing.</summary>
    public double RepetitionPenalty { get; set; } = 1;

    /// <summary>The number of beams of a beam search; 1 for none. Beams choose by the sum of log-probabilities: they go with no option above but <see cref="MaxNewTokens"/>.</summary>
    public int Beams { get; set; } = 1;

    /// <summary>Texts that end a continuation, which keeps what stands before the first of them; as token ids, the tokens that stand wholly before it.</summary>
    public IReadOnlyList<string> StopStrings { get; set; } = [];

    /// <summary>Whether the end-of-sequence token, or any of several, ends a continuation. When not, it is a token like others.</summary>
    public bool StopAtEnd { get; set; } = true;

    /// <summary>The seed of what is drawn; continuations with the same seed are equal, whatever the batches. Null for a new one each time.</summary>
    public int? Seed { get; set; }

    /// <summary>The same options, independent of later changes.</summary>
    public GenerationOptions Copy()
    {
        var copy = (GenerationOptions)MemberwiseClone();
        copy.StopStrings = [.. StopStrings];
        return copy;
    }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is outside its range, or two do not go together; the message names them.</exception>
    public void Validate()
    {
        Require(MaxNewTokens >= 1, nameof(MaxNewTokens), MaxNewTokens, "at least 1");
        Require(Temperature >= 0 && double.IsFinite(Temperature), nameof(Temperature), Temperature, "at least 0");
        Require(TopK >= 0, nameof(TopK), TopK, "at least 0");
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "in (0, 1]");
        Require(RepetitionPenalty >= 1 && double.IsFinite(RepetitionPenalty), nameof(RepetitionPenalty), RepetitionPenalty, "at least 1");
        Require(Beams >= 1, nameof(Beams), Beams, "at least 1");
        Require(StopStrings is not null && StopStrings.All(s => !string.IsNullOrEmpty(s)), nameof(StopStrings), StopStrings is null ? "null" : "with an empty text", "texts of at least one character");
        if (Beams > 1 && (Temperature != 0 || TopK != 0 || TopP != 1 || RepetitionPenalty != 1))
            throw new ArgumentException(
                $"{nameof(Beams)} is {Beams}: a beam search neither draws nor penalises, so {nameof(Temperature)} must be 0, {nameof(TopK)} 0, {nameof(TopP)} 1 and {nameof(RepetitionPenalty)} 1.");
        if (Temperature == 0 && (TopK != 0 || TopP != 1))
            throw new ArgumentException(
                $"{nameof(TopK)} and {nameof(TopP)} choose what is drawn from, but {nameof(Temperature)} is 0 and nothing is drawn: set it above 0, such as 1, or leave them at 0 and 1.");
    }

    private static void Require(bool isGood, string name, object value, string range)
    {
        if (!isGood)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
    }
}
