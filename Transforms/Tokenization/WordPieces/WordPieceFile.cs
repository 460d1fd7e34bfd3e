using System.Text;

namespace MLNetExt.Tokenization;

/// <summary>BERT's <c>vocab.txt</c>: a token a line, whose number is its id.</summary>
internal static class WordPieceFile
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The tokens of a file, and which of them are special: nothing in it says so, and they are known by their brackets and names.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static (string[] Tokens, HashSet<int> Special) Read(string file)
    {
        string[] tokens;
        try
        {
            tokens = File.ReadAllLines(file, s_strict);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"The vocabulary file '{file}' is no UTF-8: {e.Message}");
        }
        var lines = new Dictionary<string, int>();
        for (int id = 0; id < tokens.Length; id++)
        {
            if (tokens[id].Length == 0)
                throw new InvalidDataException($"Line {id + 1} of the vocabulary file '{file}' is empty: each line is a token.");
            if (!lines.TryAdd(tokens[id], id))
                throw new InvalidDataException($"Lines {lines[tokens[id]] + 1} and {id + 1} of the vocabulary file '{file}' are both '{tokens[id]}': a token has one id.");
        }
        HashSet<int> special = [.. Enumerable.Range(0, tokens.Length).Where(id => SpecialTokens.IsBracketed(tokens[id]) && WordPieceModel.Roles.Contains(SpecialTokens.RoleOf(tokens[id])))];
        return (tokens, special);
    }

    /// <summary>The tokenizer of a file's vocabulary.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or no tokenizer has its tokens; the message names it.</exception>
    public static WordPieceTokenizer Tokenizer(string file, WordPieceSettings settings)
    {
        (string[] tokens, HashSet<int> special) = Read(file);
        try
        {
            return new WordPieceTokenizer(new WordPieceModel(tokens, special, settings));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The vocabulary file '{file}' cannot be used: {e.Message}");
        }
    }

    public static string Write(IEnumerable<string> tokens) => string.Concat(tokens.Select(token => token + '\n'));

    public static void Save(string path, IEnumerable<string> tokens)
    {
        // In the same folder: a rename is atomic only within one file system.
        string temporary = $"{Path.GetFullPath(path)}.{Path.GetRandomFileName()}.tmp";
        try
        {
            File.WriteAllText(temporary, Write(tokens), s_strict);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
