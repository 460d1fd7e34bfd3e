using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using MLNetExt.Evaluation;
using MLNetExt.Preference;

namespace MLNetExt.Cli.Models;

/// <summary>Trains a language model on preferences, and measures it before and after.</summary>
/// <param name="run">What every run is told.</param>
/// <param name="request">The preferences, and what becomes of them.</param>
/// <param name="options">The trainer's options; the models and validation data are set here.</param>
internal sealed class PreferenceJob(RunRequest run, PreferenceRequest request, PreferenceTrainerOptions options)
    : TrainingJob(run, options.Training, options.Seed ?? 0), IDisposable
{
    private RowParts<PreferenceRecord> _rows = null!;
    private LanguageModelFile _start = null!;
    private LanguageModelFile? _reference;
    private PreferenceTest? _test;
    private PreferenceMetrics? _pairsAtStart;
    private LabelledMetrics? _completionsAtStart;
    private PreferenceTransformer _trained = null!;

    private CancellationToken Cancellation => Request.Terminal.Cancellation;

    public void Dispose()
    {
        _start?.Dispose();
        _reference?.Dispose();
    }

    protected override IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml)
    {
        HuggingFaceFolder.RequireReplaceable(request.HuggingFace);
        PreferenceSource source = request.Source;
        _rows = RowParts<PreferenceRecord>.Read(source.Path, request.Test, Seed, path => (source with { Path = path }).Read(request.Test.SplitColumn, Cancellation));
        options.ValidationData = Validation() is { } validation ? source.View(ml, validation) : null;
        _test = _rows.Test is { } test ? new PreferenceTest(ml, source, test, options.AppendEnd) : null;

        options.Model = (_start = LanguageModelFile.Load(ml, request.Start)).Model;
        string tokenizer = _start.Tokenizer.Fingerprint;
        if (request.Reference is { } reference)
            options.Reference = (_reference = LanguageModelFile.Load(ml, reference)).Model;
        if (_reference is not null && _reference.Tokenizer.Fingerprint != tokenizer)
            throw new UserErrorException($"--reference '{request.Reference}' has another tokenizer than '{request.Start}': its log-probabilities would be those of other tokens.");
        return source.Texts.Select(column => (column, column, DataKind.String));
    }

    protected override TransformerChain<ITransformer> Fit(MLContext ml)
    {
        // Now, because a test part that cannot be measured is better known before training.
        if (request.Source.IsPaired)
            _pairsAtStart = _test?.OfPairs(_start.Model, reference: null, progress: null, Cancellation);
        else
            _completionsAtStart = _test?.OfCompletions(_start.Model, Cancellation);

        IDataView rows = request.Source.View(ml, _rows.Train);
        _trained = options switch
        {
            PairwiseCringeOptions cringe => ml.Preference.Trainers.PairwiseCringe(cringe).Fit(rows),
            BinaryCringeOptions cringe => ml.Preference.Trainers.BinaryCringe(cringe).Fit(rows),
            _ => ml.Preference.Trainers.DirectPreference((DirectPreferenceOptions)options).Fit(rows),
        };
        return new TransformerChain<ITransformer>(_trained);
    }

    protected override ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock)
    {
        var outcome = new PreferenceOutcome(
            Request.Model,
            request.HuggingFace,
            request.Method,
            LanguageModelSummary.Of(_trained.LanguageModel),
            _rows.Train.Count,
            epochs,
            _pairsAtStart is null ? null : (_pairsAtStart, _test!.OfPairs(_trained.LanguageModel, _start.Model, progress: null, CancellationToken.None)),
            _completionsAtStart is null ? null : (_completionsAtStart, _test!.OfCompletions(_trained.LanguageModel, CancellationToken.None)),
            clock.Elapsed);
        if (request.HuggingFace is { } folder)
            HuggingFaceFolder.Save(_trained.LanguageModel.SaveHuggingFace, folder, Request.Terminal, outcome with { HuggingFace = null });
        return outcome;
    }

    /// <summary>The rows that choose the best epoch; null when the trainer draws its own, or does without.</summary>
    private IReadOnlyList<PreferenceRecord>? Validation()
    {
        if (request.Validation is not null && _rows.Validation is not null)
            throw new UserErrorException($"--split-column {request.Test.SplitColumn} has validation rows: leave --validation out, or name another column.");
        IReadOnlyList<PreferenceRecord>? validation = request.Validation is { } file
            ? [.. (request.Source with { Path = file }).Read(splitColumn: null, Cancellation).Select(r => r.Row)]
            : _rows.Validation;
        return validation is null || options.ValidationFraction == 0
            ? validation
            : throw new UserErrorException("There are validation rows: leave --validation-fraction out.");
    }
}
