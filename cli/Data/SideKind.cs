namespace MLNetExt.Cli.Data;

/// <summary>What a side of a two-tower model is made of.</summary>
internal enum SideKind
{
    /// <summary>A column of image files.</summary>
    Image,

    /// <summary>Text, cut into tokens.</summary>
    Text,

    /// <summary>Text as a bag of words and letter groups: for small data.</summary>
    TextBag,

    /// <summary>Features, as a classifier has them: numbers, categories, n-grams.</summary>
    Vector,
}
