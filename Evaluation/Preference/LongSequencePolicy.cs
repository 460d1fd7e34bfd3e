namespace MLNetExt.Evaluation;

/// <summary>What becomes of sequences that are longer than a model reads.</summary>
public enum LongSequencePolicy
{
    /// <summary>A prompt loses its beginning; only where that is not enough, a completion loses its end. What was cut is counted.</summary>
    Cut,

    /// <summary>They are an error that names the row.</summary>
    Refuse,
}
