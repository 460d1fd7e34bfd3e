using MLNetExt.Sequences;

namespace MLNetExt.Tests.Evaluation;

/// <summary>Letters as tokens: a is 0, b is 1.</summary>
internal sealed class LetterCodec(int? endId = null) : ITextCodec
{
    public int? EndId => endId;

    public int[] EncodePrompt(string text) => [.. text.Select(letter => letter - 'a')];

    public int[] EncodeCompletion(string text) => EncodePrompt(text);

    public string Decode(ReadOnlySpan<int> ids) => string.Concat(ids.ToArray().Select(id => (char)('a' + id)));
}
