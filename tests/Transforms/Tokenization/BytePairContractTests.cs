using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class LearnedBytePairTests : BytePairContract
{
    protected override BytePairOptions Options() => new() { InputColumnName = "Sentence", VocabularySize = 320 };
}

[TestClass]
public sealed class NormalizingBytePairTests : BytePairContract
{
    protected override BytePairOptions Options() => new()
    {
        InputColumnName = "Sentence",
        VocabularySize = 320,
        SpecialTokens = ["bos", "eos", "sep"],
        AddBos = true,
        AddEos = true,
        MaxTokens = 12,
        Lowercase = true,
        NormalizeUnicode = true,
    };
}
