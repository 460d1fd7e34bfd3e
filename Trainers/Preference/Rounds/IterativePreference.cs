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
    private readonly int[][] _prompts;

    public IterativePreference(ComponentHost host, IterativePreferenceOptions options, IDataView data)
    {
        options.Validate();
        (_host, _options) = (host, options);
        _seed = options.Seed ?? RunIdentity.SeedOf(options) ?? host.DrawSeed();
        PreferenceTrainerOptions trainer = options.Trainer!;
        CausalModel model = trainer.Model!.Model;
        // The last new token is not read any more.
        _prompts = InitialPairs.Prompts(data, trainer.PromptColumnName!, model, trainer.Model.ContextLength - options.Generation.MaxNewTokens + 1);
        _initial = InitialPairs.Pairs(data, trainer.Columns, model, trainer.AppendEnd ? model.State.EndId : null);
        if (_prompts.Length == 0)
            throw new ArgumentException($"The data has no prompt with a token in column '{trainer.PromptColumnName}'.", nameof(data));
        if (!options.Resume && options.Folder is { } folder && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ArgumentException($"Folder '{folder}' is not empty: set Resume to go on with the run in it, or name another.");
        RunIdentity.Claim(options, _seed, _prompts, _initial);
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
                _options.Progress?.Report(new PreferenceRoundProgress(round, _options.Rounds, _prompts.Length, _prompts.Length, report));
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

    private (PreferenceRound Report, CausalLanguageModelTransformer Model) Run(int round, CausalLanguageModelTransformer model, List<TokenPair> pairs)
    {
        RoundFolder? folder = _options.Folder is { } path ? new RoundFolder(Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"round-{round}"))) : null;
        List<ScoredCompletions> completions = round == 0 ? [] : Completions(round, model, folder);
        TokenPair[] added = round == 0 ? _initial : [.. completions.Select(c => c.Pair()).OfType<TokenPair>()];
        if (!_options.KeepOldPairs)
            pairs.Clear();
        pairs.AddRange(added);
        if (folder?.ReadReport() is { } report)
            return (report, report.ModelPath is not null && Directory.Exists(folder.Model) ? HuggingFaceModels.Load(folder.Model, model.TokensColumnName, _host.Warn) : model);

        CausalLanguageModelTransformer trained = pairs.Count == 0 ? model : Train(round, model, pairs, folder);
        int drawn = completions.Sum(c => c.Completions.Length);
        report = new PreferenceRound(
            round,
            added.Length,
            pairs.Count,
            completions.Count - (round == 0 ? 0 : added.Length),
            drawn == 0 ? null : completions.Average(c => c.Rewards.Average()),
            drawn == 0 ? null : completions.Average(c => c.Rewards.Max()),
            drawn == 0 ? null : (double)completions.Sum(c => c.Unfinished) / drawn,
            folder is null || trained == model ? null : folder.Model);
        Log(report);
        if (folder is not null)
        {
            if (trained != model)
                trained.SaveHuggingFace(folder.Model);
            folder.WriteReport(report);
        }

        return (report, trained);
    }

    private List<ScoredCompletions> Completions(int round, CausalLanguageModelTransformer model, RoundFolder? folder)
    {
        List<ScoredCompletions> all = folder?.ReadCompletions() ?? [];
        var sampling = new CompletionSampling(model, _options, unchecked(_seed + round));
        while (all.Count < _prompts.Length)
        {
            if (_host.IsCanceled)
                throw new OperationCanceledException("The MLContext was canceled while completions were drawn.");
            int[][] block = [.. _prompts.Skip(all.Count).Take(_options.PromptsPerBlock)];
            ScoredCompletions[] scored = sampling.Run(block, all.Count, _options.CancellationToken);
            folder?.Append(scored);
            all.AddRange(scored);
            _options.Progress?.Report(new PreferenceRoundProgress(round, _options.Rounds, all.Count, _prompts.Length, Finished: null));
        }

        return all;
    }

    private CausalLanguageModelTransformer Train(int round, CausalLanguageModelTransformer model, List<TokenPair> pairs, RoundFolder? folder)
    {
        PreferenceTrainerOptions trainer = _options.Trainer!.ForRound(model, unchecked(_seed + round), folder?.Checkpoints, _options.CancellationToken);
        using var training = new PreferenceTraining(_host, trainer, View(pairs, model), validationData: null);
        return training.Run().LanguageModel;
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
