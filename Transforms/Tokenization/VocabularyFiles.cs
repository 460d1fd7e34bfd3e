using System.Text.Json;

namespace MLNetExt.Tokenization;

/// <summary>Reads GPT-2's <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class VocabularyFiles
{
    public const string VocabularyName = "vocab.json";
    public const string MergesName = "merges.txt";
    public const string MergesVersion = "#version: 0.2";
    private static readonly JsonSerializerOptions s_json = new() { AllowDuplicateProperties = false };

    /// <exception cref="InvalidDataException">A file is damaged, or they do not fit each other.</exception>
    public static BytePairModel Read(string vocabularyFile, string mergesFile)
    {
        string[] tokens = BytePairModel.Order(ReadVocabulary(vocabularyFile));
        (string Left, string Right)[] merges = [.. ReadMerges(mergesFile)];
        HashSet<string> made = [.. merges.Select(merge => merge.Left + merge.Right)];
        // Nothing in the files says which tokens are special: those in brackets that no merge makes.
        HashSet<int> special = [.. Enumerable.Range(0, tokens.Length).Where(id => SpecialTokens.IsBracketed(tokens[id]) && !made.Contains(tokens[id]))];
        return new BytePairModel(tokens, merges, special, new TokenizerSettings());
    }

    private static Dictionary<string, int> ReadVocabulary(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(file), s_json)
                ?? throw new InvalidDataException($"The vocabulary file '{file}' holds null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The vocabulary file '{file}' is no JSON object of token ids: {e.Message}");
        }
    }

    private static IEnumerable<(string Left, string Right)> ReadMerges(string file)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            string[] parts = line.Split(' ');
            if (parts.Length != 2 || parts.Any(part => part.Length == 0))
                throw new InvalidDataException($"Line {number} of the merges file '{file}' is not two tokens with a space between them: '{line}'.");
            yield return (parts[0], parts[1]);
        }
    }
}
