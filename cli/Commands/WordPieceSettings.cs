using System.CommandLine;
using MLNetExt.Cli.Models;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Commands;

/// <summary>The options of a new encoder's vocabulary of word pieces.</summary>
internal sealed class WordPieceSettings
{
    private readonly Option<int> _size = CheckedOption.Integer("--vocabulary", "How many different word pieces text is cut into, at most.", new WordPieceOptions().VocabularySize, atLeast: 6);
    private readonly Option<int?> _characters = CheckedOption.OptionalInteger("--max-characters", "How many characters have word pieces, the most frequent ones; words with others are unknown. Without it all of the texts.", atLeast: 1);
    private readonly Option<bool> _lowercase = new("--lowercase") { Description = "Put text in lower case, without accents." };

    public IReadOnlyList<Option> All => [_size, _characters, _lowercase];

    public PieceVocabulary Read(ParseResult parsed) => new(parsed.GetValue(_size), parsed.GetValue(_characters), parsed.GetValue(_lowercase));
}
