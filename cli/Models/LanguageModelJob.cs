using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Chunking;
using MLNetExt.Cli.Data;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>Trains a language model: tokenises documents, masks them whole, cuts them into rows, and learns.</summary>
/// <param name="run">What every run is told.</param>
/// <param name="request">The documents, and what becomes of them.</param>
/// <param name="options">The trainer's options; columns, validation data and the model to go on from are set here.</param>
internal sealed class LanguageModelJob(RunRequest run, LanguageModelRequest request, CausalLanguageModelOptions options)
    : TrainingJob(run, options.Training, options.Seed ?? 0)
{
    private const string Mask = "LossMask";
    private readonly string _text = request.Source.ColumnName;
    private readonly string _tokens = DocumentView.TokensOf(request.Source.ColumnName);
    private RowParts<string> _corpus = null!;
    private LanguageModelFile? _from;
    private BytePairTransformer _tokenizer = null!;
    private IDataView _documents = null!;
    private TokenStatistics _statistics = null!;
    private CausalLanguageModelTransformer _model = null!;

    private CancellationToken Cancellation => Request.Terminal.Cancellation;

    protected override IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml)
    {
        HuggingFaceFolder.RequireReplaceable(request.HuggingFace);
        _corpus = request.Source.ReadParts(request.Test, Seed, options.ValidationFraction, Cancellation);
        IDataView texts = DocumentView.Create(ml, _corpus.Train, _text);
        if (request.From is { } from)
            GoOnFrom(LanguageModelFile.Load(ml, from));
        _tokenizer = _from is { Tokenizer: { } tokenizer }
            ? TextTokenizer.Of(ml, tokenizer, texts, _text)
            : TextTokenizer.Learn(ml, texts, _text, request.Vocabulary, Cancellation);
        _documents = AddMask(ml, _tokenizer.Transform(texts));
        int? window = request.Goldfish is { Strategy: GoldfishStrategy.Hash or GoldfishStrategy.ReferenceHash, H: var h } ? h : null;
        _statistics = TokenStatistics.Count(_documents, _tokens, request.Goldfish is null ? null : Mask, window, Cancellation);
        if (_statistics.ShortDocuments > 0)
            Request.Terminal.Warn(
                $"{_statistics.ShortDocuments} of {_statistics.Documents} documents have at most {window} tokens, of which none is dropped: they are not protected. Use a smaller --goldfish-window.");
        return [(_text, _text, DataKind.String)];
    }

    protected override TransformerChain<ITransformer> Fit(MLContext ml)
    {
        using LanguageModelFile? from = _from;
        options.TokensColumnName = _tokens;
        options.LossMaskColumnName = request.Goldfish is null ? null : Mask;
        options.BucketByLength = !request.Packed;
        options.ValidationData = _corpus.Validation is { } validation ? Chunk(ml, _tokenizer.Transform(DocumentView.Create(ml, validation, _text)), []) : null;
        _model = ml.LanguageModeling.Trainers.Causal(options).Fit(Chunk(ml, _documents, request.Goldfish is null ? [] : [Mask]));
        return new TransformerChain<ITransformer>(_tokenizer, _model);
    }

    protected override ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock)
    {
        PerplexityMetrics? test = _corpus.Test is { } documents
            ? ml.LanguageModeling.EvaluatePerplexity(_model, _tokenizer.Transform(DocumentView.Create(ml, documents, _text)), new PerplexityOptions
            {
                TokensColumnName = _tokens,
                TextColumnName = _text,
                FirstToken = _tokenizer.SpecialTokens.Keys.Any(role => role is "bos" or "eos") ? FirstTokenPolicy.FromStartToken : FirstTokenPolicy.LeaveOut,
            })
            : null;
        double randomlyKept = options.RandomTokenMask > 0 ? 1 - 1.0 / options.RandomTokenMask : 1;
        var outcome = new LanguageModelOutcome(
            Request.Model,
            request.HuggingFace,
            LanguageModelSummary.Of(_model),
            _statistics,
            randomlyKept * _statistics.Kept / _statistics.Targets,
            epochs,
            clock.Elapsed,
            test);
        if (request.HuggingFace is { } folder)
            HuggingFaceFolder.Save(_model.SaveHuggingFace, folder, Request.Terminal, outcome with { HuggingFace = null });
        return outcome;
    }

    private void GoOnFrom(LanguageModelFile from)
    {
        if (request.Context > from.Model.ContextLength)
            throw new UserErrorException($"--context {request.Context}: '{from.Path}' reads at most {from.Model.ContextLength} tokens at once.");
        _from = from;
        options.Pretrained = from.Model;
    }

    private IDataView AddMask(MLContext ml, IDataView documents)
    {
        if (request.Goldfish is not { } goldfish)
            return documents;
        (goldfish.InputColumnName, goldfish.OutputColumnName) = (_tokens, Mask);
        return ml.Transforms.Text.GoldfishMask(goldfish).Fit(documents).Transform(documents);
    }

    private IDataView Chunk(MLContext ml, IDataView documents, string[] aligned)
    {
        bool marksEnds = _tokenizer.Encode("").Length > 0;
        return ml.Transforms.Text.ChunkTokens(new ChunkTokensOptions
        {
            OutputColumnName = _tokens,
            Length = request.Context ?? _from!.Model.ContextLength,
            Packed = request.Packed,
            SeparatorId = request.Packed && !marksEnds && _tokenizer.SpecialTokens.TryGetValue("eos", out int end) ? end : null,
            AlignedColumnNames = aligned,
            DocumentColumnName = null,
        }).Fit(documents).Transform(documents);
    }
}
