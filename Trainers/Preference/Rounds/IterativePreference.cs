using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;

namespace MLNetExt.Preference;

/// <summary>One run in rounds: train on the pairs of the data, then again and again draw completions, score them, pair the best with the worst, train on.</summary>
internal sealed class IterativePreference
{
    private readonly ComponentHost _host;
    private readonly MLContext _context = new();
    private readonly IterativePreferenceOptions _options;
    private readonly int _seed;
    private readonly TokenPair[] _initial;
    private readonly RoundPrompts _prompts;

    public IterativePreference(ComponentHost host, IterativePreferenceOptions options, IDataView data)
    {
        options.Validate();
        (_host, _options) = (host, options);
        _seed = options.Seed ?? RunIdentity.SeedOf(options) ?? host.DrawSeed();
        PreferenceTrainerOptions trainer = options.Trainer!;
        CausalModel model = trainer.Model!.Model;
        _prompts = RoundPrompts.Read(data, trainer.PromptColumnName!, model, options.LongestPrompt);
        _initial = InitialPairs.Read(data, trainer.Columns, model, trainer.AppendEnd ? model.State.EndId : null);
        if (_prompts.Tokens.Count == 0)
            throw new ArgumentException($"The data has no prompt with a token in column '{trainer.PromptColumnName}'.", nameof(data));
        if (!options.Resume && options.Folder is { } folder && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ArgumentException($"Folder '{folder}' is not empty: set Resume to go on with the run in it, or name another.");
        RunIdentity.Claim(options, _seed, _prompts.Tokens, _initial);
        if (_prompts.Empty > 0)
            host.Warn($"{_prompts.Empty} rows have a prompt without a token and are left out.");
        if (_prompts.Cut > 0)
            host.Warn($"{_prompts.Cut} prompts are longer than the {options.LongestPrompt} tokens that fit before {options.Generation.MaxNewTokens} new ones, and lose their beginning.");
    }

    public IterativePreferenceResult Run()
    {
        List<PreferenceRound> rounds = [];
        List<TokenPair> pairs = [];
        CausalLanguageModelTransformer start = _options.Trainer!.Model!, model = start;
        try
        {
            for (int round = _initial.Length > 0 ? 0 : 1; round <= _options.Rounds; round++)
            {
                (PreferenceRound report, CausalLanguageModelTransformer next) = Run(round, model, pairs);
                if (model != start && model != next)
                    model.Dispose();
                model = next;
                rounds.Add(report);
                _options.Progress?.Report(new PreferenceRoundProgress(round, _options.Rounds, _prompts.Tokens.Count, _prompts.Tokens.Count, report));
            }

            return new IterativePreferenceResult(model == start ? new CausalLanguageModelTransformer(CausalModel.Copy(start.Model.State, start.Model.Network)) : model, rounds);
        }
        catch
        {
            if (model != start)
                model.Dispose();
            throw;
        }
    }

    /// <summary>Those that earlier rounds did not have; what the data says twice stays twice.</summary>
    internal static TokenPair[] New(TokenPair[] added, List<TokenPair> pairs)
    {
        HashSet<TokenPair> known = [.. pairs];
        return [.. added.Where(p => !known.Contains(p))];
    }

    private (PreferenceRound Report, CausalLanguageModelTransformer Model) Run(int round, CausalLanguageModelTransformer model, List<TokenPair> pairs)
    {
        RoundFolder? folder = FolderOf(round);
        List<ScoredCompletions> completions = round == 0 ? [] : Completions(round, model, folder);
        TokenPair[] added = round == 0 ? _initial : [.. completions.Select(c => c.Pair()).OfType<TokenPair>()];
        if (!_options.KeepOldPairs)
            pairs.Clear();
        pairs.AddRange(New(added, pairs));
        if (folder?.ReadReport() is { } report)
            return (report, report.ModelPath is null ? model : Load(round, model, folder));

        if (pairs.Count == 0)
            _host.Warn($"Round {round} has no pairs, as the reward finds no completion better than another of its prompt: the model stays as it is.");
        (CausalLanguageModelTransformer trained, int trainedOn) = pairs.Count == 0 ? (model, 0) : Train(round, model, pairs, folder);
        int drawn = completions.Sum(c => c.Completions.Length);
        report = new PreferenceRound(
            round,
            added.Length,
            trainedOn,
            completions.Count - (round == 0 ? 0 : added.Length),
            drawn == 0 ? null : completions.Average(c => c.Rewards.Average()),
            drawn == 0 ? null : completions.Average(c => c.Rewards.Max()),
            drawn == 0 ? null : (double)completions.Sum(c => c.Unfinished) / drawn,
            folder is null || trained == model ? null : folder.Model);
        Log(report);
        if (folder is not null)
            Save(folder, report, trained == model ? null : trained);
        return (report, trained);
    }

    private static void Save(RoundFolder folder, PreferenceRound report, CausalLanguageModelTransformer? trained)
    {
        try
        {
            trained?.SaveHuggingFace(folder.Model);
            folder.WriteReport(report);
        }
        catch
        {
            trained?.Dispose();
            throw;
        }
    }

    /// <summary>The model with which a complete round ended. One that is gone is not needed when a later round has left its own.</summary>
    private CausalLanguageModelTransformer Load(int round, CausalLanguageModelTransformer model, RoundFolder folder)
    {
        if (Directory.Exists(folder.Model))
        {
            using CausalLanguageModelTransformer saved = HuggingFaceModels.Load(folder.Model, model.TokensColumnName, _host.Warn);
            return Copy(saved);
        }

        return Enumerable.Range(round + 1, _options.Rounds - round).Any(later => FolderOf(later)?.ReadReport()?.ModelPath is not null)
            ? model
            : throw new DirectoryNotFoundException(
                $"Round {round} is complete, but its model is not in '{folder.Model}', and what comes next begins with it: put it back, or delete the folders of this and all later rounds, which are then done again.");
    }

    /// <summary>A round's model as the next one begins with it, whether it comes from training or from the folder: adapters are in its weights, and what the folder does not hold is the start's.</summary>
    private CausalLanguageModelTransformer Copy(CausalLanguageModelTransformer model)
    {
        CausalState state = _options.Trainer!.Model!.Model.State with { Adapters = null, ScoringBlockSize = _options.Trainer.ScoringBlockSize };
        return new CausalLanguageModelTransformer(CausalModel.Copy(state, model.Model.Network));
    }

    private RoundFolder? FolderOf(int round) =>
        _options.Folder is { } path ? new RoundFolder(Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"round-{round}"))) : null;

    private List<ScoredCompletions> Completions(int round, CausalLanguageModelTransformer model, RoundFolder? folder)
    {
        List<ScoredCompletions> all = folder?.ReadCompletions() ?? [];
        var sampling = new CompletionSampling(model, _options, unchecked(_seed + round));
        while (all.Count < _prompts.Tokens.Count)
        {
            if (_host.IsCanceled)
                throw new OperationCanceledException("The MLContext was canceled while completions were drawn.");
            int[][] block = [.. _prompts.Tokens.Skip(all.Count).Take(_options.PromptsPerBlock)];
            ScoredCompletions[] scored = sampling.Run(block, [.. _prompts.Rows.Skip(all.Count).Take(block.Length)], _options.CancellationToken);
            folder?.Append(scored);
            all.AddRange(scored);
            _options.Progress?.Report(new PreferenceRoundProgress(round, _options.Rounds, all.Count, _prompts.Tokens.Count, Finished: null));
        }

        return all;
    }

    private (CausalLanguageModelTransformer Model, int Pairs) Train(int round, CausalLanguageModelTransformer model, List<TokenPair> pairs, RoundFolder? folder)
    {
        PreferenceTrainerOptions trainer = _options.Trainer!.ForRound(model, unchecked(_seed + round), folder?.Checkpoints, _options.CancellationToken);
        using var training = new PreferenceTraining(_host, trainer, View(pairs, model), validationData: null);
        using PreferenceTransformer trained = training.Run();
        return (Copy(trained.LanguageModel), checked((int)training.RowCount));
    }

    private IDataView View(List<TokenPair> pairs, CausalLanguageModelTransformer model)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TokenPair));
        foreach (string column in new[] { nameof(TokenPair.Prompt), nameof(TokenPair.Chosen), nameof(TokenPair.Rejected) })
            model.Model.State.Tokens!.AddTo(schema[column]);
        return _context.Data.LoadFromEnumerable(pairs, schema);
    }

    private void Log(PreferenceRound r) => _host.Info(string.Create(
        CultureInfo.InvariantCulture,
        $"Round {r.Round} of {_options.Rounds}: {r.NewPairs} new pairs, {r.Ties} prompts without a better completion, mean reward {r.MeanReward:G4}, best of {_options.SamplesPerPrompt} {r.BestReward:G4}"));
}
