namespace MLNetExt.Evaluation;

/// <summary>Which tokens of a document are the prompt, and which are asked for.</summary>
public enum ExtractionSplitKind
{
    /// <summary>The first P tokens, and the S after them.</summary>
    Leading,

    /// <summary>All tokens but the last S, and these.</summary>
    Trailing,
}
