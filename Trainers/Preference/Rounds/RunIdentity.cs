using System.Globalization;
using System.Text.Json;
using MLNetExt.Evaluation;
using MLNetExt.Training;

namespace MLNetExt.Preference;

/// <summary>What decides the outcome of a run in rounds, kept in its folder, so that only the same run goes on there.</summary>
internal static class RunIdentity
{
    private const string FileName = "run.json", Seed = nameof(IterativePreferenceOptions.Seed);

    /// <summary>The seed of the run in a folder that is to go on; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The run's file is damaged; the message names it.</exception>
    public static int? SeedOf(IterativePreferenceOptions options)
    {
        if (options is not { Resume: true, Folder: { } folder } || Read(folder) is not { } run)
            return null;
        return int.TryParse(run.GetValueOrDefault(Seed), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
            ? seed
            : throw RunFile.Damaged(PathIn(folder), "it has no seed.");
    }

    /// <summary>Writes down what the run is, or makes sure that it is the one in the folder.</summary>
    /// <exception cref="InvalidOperationException">Another run is in the folder; the message names what differs.</exception>
    public static void Claim(IterativePreferenceOptions options, int seed, IReadOnlyList<int[]> prompts, TokenPair[] pairs)
    {
        if (options.Folder is not { } folder)
            return;
        Dictionary<string, string> run = Of(options, seed, prompts, pairs);
        if (Read(folder) is { } other)
        {
            string[] different = [.. run.Keys.Union(other.Keys).Where(key => run.GetValueOrDefault(key) != other.GetValueOrDefault(key))];
            if (different.Length > 0)
                throw new InvalidOperationException($"Folder '{folder}' holds another run: {string.Join(", ", different)} differ. Set them as they were, or name another folder.");
            return;
        }

        Directory.CreateDirectory(folder);
        AtomicFile.Write(PathIn(folder), stream => JsonSerializer.Serialize(stream, run));
    }

    private static string PathIn(string folder) => Path.Combine(folder, FileName);

    private static Dictionary<string, string>? Read(string folder)
    {
        string path = PathIn(folder);
        return File.Exists(path) ? RunFile.Read<Dictionary<string, string>>(path, File.ReadAllText(path)) : null;
    }

    private static Dictionary<string, string> Of(IterativePreferenceOptions options, int seed, IReadOnlyList<int[]> prompts, TokenPair[] pairs)
    {
        Dictionary<string, string> run = RunOptions.Of(
            options,
            nameof(IterativePreferenceOptions.Rounds),
            nameof(IterativePreferenceOptions.PromptsPerBlock),
            nameof(IterativePreferenceOptions.Folder),
            nameof(IterativePreferenceOptions.Resume));
        foreach ((string name, string value) in RunOptions.Of(options.Trainer!, nameof(PreferenceTrainerOptions.ScoringBlockSize), nameof(PreferenceTrainerOptions.MemoryBudgetBytes)))
            run[$"Trainer.{name}"] = value;
        run[Seed] = seed.ToString(CultureInfo.InvariantCulture);
        run["Trainer.Model"] = WeightDigest.Of(options.Trainer!.Model!.Model.Network.state_dict().Values);
        if (options.Trainer.Reference is { } reference)
            run["Trainer.Reference"] = WeightDigest.Of(reference.Model.Network.state_dict().Values);
        var digest = new RowDigest();
        foreach (int[] ids in prompts.Concat(pairs.SelectMany(p => new[] { p.Prompt, p.Chosen, p.Rejected })))
            digest.Add<int>(ids);
        run["data"] = digest.ToString();
        return run;
    }
}
