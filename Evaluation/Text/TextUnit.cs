namespace MLNetExt.Evaluation;

/// <summary>What n-grams of text are made of.</summary>
public enum TextUnit
{
    /// <summary>What stands between white space, as it is: case and punctuation count.</summary>
    Word,

    /// <summary>Characters (Unicode scalar values), white space included.</summary>
    Character,
}
