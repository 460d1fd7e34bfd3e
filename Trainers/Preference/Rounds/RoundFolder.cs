using System.Text;
using System.Text.Json;
using MLNetExt.Evaluation;

namespace MLNetExt.Preference;

/// <summary>The files of one round: completions as they come, checkpoints, the model, and last of all the report, which says that the round is complete.</summary>
/// <param name="path">The round's folder.</param>
internal sealed class RoundFolder(string path)
{
    /// <summary>The folder of the round's checkpoints.</summary>
    public string Checkpoints => Path.Combine(path, "checkpoints");

    /// <summary>The Hugging Face directory of the round's model.</summary>
    public string Model => Path.Combine(path, "model");

    private string Completions => Path.Combine(path, "completions.jsonl");

    private string Report => Path.Combine(path, "report.json");

    /// <summary>The report of a round that is complete; null of another.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message names the file.</exception>
    public PreferenceRound? ReadReport() => File.Exists(Report) ? RunFile.Read<PreferenceRound>(Report, File.ReadAllText(Report)) : null;

    /// <summary>Makes the round complete. What only resuming needs is deleted.</summary>
    public void WriteReport(PreferenceRound round)
    {
        Directory.CreateDirectory(path);
        AtomicFile.Write(Report, stream => JsonSerializer.Serialize(stream, round));
        if (Directory.Exists(Checkpoints))
            Directory.Delete(Checkpoints, recursive: true);
    }

    /// <summary>The completions that were written; a line that was cut short is taken off the file.</summary>
    /// <exception cref="InvalidDataException">A line is damaged; the message names the file.</exception>
    public List<ScoredCompletions> ReadCompletions()
    {
        if (!File.Exists(Completions))
            return [];
        string text = File.ReadAllText(Completions);
        string whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length < text.Length)
            AtomicFile.Write(Completions, stream => stream.Write(Encoding.UTF8.GetBytes(whole)));
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line)];
    }

    /// <summary>Adds completions.</summary>
    public void Append(IEnumerable<ScoredCompletions> completions)
    {
        Directory.CreateDirectory(path);
        File.AppendAllText(Completions, string.Concat(completions.Select(c => JsonSerializer.Serialize(c) + "\n")));
    }

    private ScoredCompletions Line(string text, int number)
    {
        ScoredCompletions line = RunFile.Read<ScoredCompletions>(Completions, text, number + 1);
        return line is { Prompt: not null, Completions.Length: > 0, Rewards: not null } && line.Rewards.Length == line.Completions.Length && line.Completions.All(c => c is not null)
            ? line
            : throw RunFile.Damaged(Completions, "it holds no completions with their rewards", number + 1);
    }
}
