using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using MLNetExt.Evaluation;
using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Tokenization;

namespace MLNetExt.Cli.Models;

/// <summary>Trains an encoder: makes word pieces of documents, cuts them into rows, and learns.</summary>
/// <param name="run">What every run is told.</param>
/// <param name="request">The documents, and what becomes of them.</param>
/// <param name="options">The trainer's options; columns, validation data and the model to go on from are set here.</param>
internal sealed class EncoderJob(RunRequest run, EncoderRequest request, MaskedLanguageModelOptions options)
    : TrainingJob(run, options.Training, options.Seed ?? 0), IDisposable
{
    private readonly string _text = request.Source.ColumnName;
    private readonly string _tokens = DocumentView.TokensOf(request.Source.ColumnName);
    private RowParts<string> _corpus = null!;
    private EncoderFile? _from;
    private WordPieceTransformer _tokenizer = null!;
    private TokenWindows _rows = null!;
    private MaskedLanguageModelTransformer _model = null!;

    private CancellationToken Cancellation => Request.Terminal.Cancellation;

    public void Dispose() => _from?.Dispose();

    protected override IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml)
    {
        HuggingFaceFolder.RequireReplaceable(request.HuggingFace);
        _corpus = request.Source.ReadParts(request.Test, Seed, options.ValidationFraction, Cancellation);
        if (request.From is { } from)
            GoOnFrom(EncoderFile.Load(ml, from));
        if (request.HuggingFace is not null)
            RequireBert();
        IDataView texts = DocumentView.Create(ml, _corpus.Train, _text);
        _tokenizer = _from is { Tokenizer: { } tokenizer }
            ? TextTokenizer.Of(ml, tokenizer, texts, _text)
            : TextTokenizer.LearnWordPieces(ml, texts, _text, request.Vocabulary, options.Network.ContextLength, Cancellation);
        _rows = Rows(ml, _corpus.Train);
        return [(_text, _text, DataKind.String)];
    }

    protected override TransformerChain<ITransformer> Fit(MLContext ml)
    {
        options.TokensColumnName = _tokens;
        options.ValidationData = _corpus.Validation is { } validation ? Rows(ml, validation).Rows : null;
        _model = ml.LanguageModeling.Trainers.Masked(options).Fit(_rows.Rows);
        return new TransformerChain<ITransformer>(_tokenizer, _model);
    }

    protected override ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock)
    {
        MaskedMetrics? test = _corpus.Test is { } documents ? Measure(ml, Rows(ml, documents).Rows) : null;
        var outcome = new EncoderOutcome(Request.Model, request.HuggingFace, EncoderSummary.Of(_model), _corpus.Train.Count, _rows.Count, _rows.Tokens, epochs, clock.Elapsed, test, _corpus.Test?.Count ?? 0);
        if (request.HuggingFace is { } folder)
            HuggingFaceFolder.Save(_model.SaveHuggingFace, folder, Request.Terminal, outcome with { HuggingFace = null });
        return outcome;
    }

    private MaskedMetrics Measure(MLContext ml, IDataView rows)
    {
        var masking = new MaskTokensOptions { InputColumnName = _tokens, Rate = options.Masking.Rate, WholeWords = options.Masking.WholeWords };
        return ml.LanguageModeling.EvaluateMasked(_model, ml.Transforms.Text.MaskTokens(masking).Fit(rows).Transform(rows));
    }

    private void GoOnFrom(EncoderFile from)
    {
        _from = from;
        from.RequireContext(request.Context);
        options.Pretrained = from.Model;
    }

    /// <summary>Fails now rather than after hours of training.</summary>
    private void RequireBert()
    {
        (EncoderFamily family, bool stem) = _from is { Model: { } model } ? (model.Family, model.HasLocalStem) : (options.Network.Family, options.Network.LocalStem);
        if (family != EncoderFamily.Bert || stem)
            throw new UserErrorException($"--huggingface: only encoders of --family bert without --local-stem can be written for Hugging Face{(request.From is { } from ? $", and '{from}' is another" : "")}.");
    }

    private TokenWindows Rows(MLContext ml, IEnumerable<string> documents) =>
        TokenWindows.Create(ml, _tokenizer.Tokenizer, documents, _tokens, request.Context ?? _from!.Model.ContextLength, Cancellation);
}
