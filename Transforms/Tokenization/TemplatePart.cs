namespace MLNetExt.Tokenization;

/// <summary>One place of a <c>tokenizer.json</c>'s template: a special token, or one of the texts <c>A</c> and <c>B</c>.</summary>
/// <param name="Kind">As the file has it.</param>
/// <param name="Id">The token or the text; null for a place that stays empty.</param>
/// <param name="TypeId">The token type of its ids.</param>
internal readonly record struct TemplatePart(string Kind, string? Id, int TypeId)
{
    public static TemplatePart Special(string? token, int typeId = 0) => new("SpecialToken", token, typeId);

    public static TemplatePart Text(string name, int typeId = 0) => new("Sequence", name, typeId);
}
