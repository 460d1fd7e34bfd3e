using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExt.Classification;
using MLNetExt.Cli.Data;
using MLNetExt.Tokenization;
using static Microsoft.ML.Transforms.ValueToKeyMappingEstimator;

namespace MLNetExt.Cli.Models;

/// <summary>Trains a classifier of texts: cuts them into word pieces, and learns.</summary>
/// <param name="run">What every run is told.</param>
/// <param name="request">The labelled texts, and what becomes of them.</param>
/// <param name="options">The trainer's options; columns, validation data and the encoder to go on from are set here.</param>
internal sealed class TextClassifierJob(RunRequest run, TextClassifierRequest request, TextEncoderClassifierOptions options)
    : TrainingJob(run, options.Training, options.Seed ?? 0), IDisposable
{
    private const string TokenTypes = "TokenTypes";

    private readonly LabelledTextSource _source = request.Source;
    private RowParts<LabelledText> _rows = null!;
    private EncoderFile? _pretrained;
    private TextEncoderClassifierTransformer _classifier = null!;

    public void Dispose() => _pretrained?.Dispose();

    protected override IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml)
    {
        _rows = _source.ReadParts(request.Test, Seed, options.ValidationFraction, Request.Terminal.Cancellation);
        if (request.Pretrained is { } path)
        {
            _pretrained = EncoderFile.Load(ml, path);
            _pretrained.RequireContext(request.Context);
        }

        return _source.Texts.Select(column => (column, column, DataKind.String));
    }

    protected override TransformerChain<ITransformer> Fit(MLContext ml)
    {
        // The label's keys stay out of the saved model: a served model must not ask for the answer.
        IDataView train = _source.View(ml, _rows.Train);
        ValueToKeyMappingTransformer keys = ml.Transforms.Conversion.MapValueToKey(_source.Label, keyOrdinality: KeyOrdinality.ByValue).Fit(train);
        WordPieceOptions pieces = Pieces();
        WordPieceTransformer tokenizer = ml.Transforms.Text.TokenizeWordPieces(pieces).Fit(train);
        IDataView Prepare(IReadOnlyList<LabelledText> rows) => tokenizer.Transform(keys.Transform(_source.View(ml, rows)));

        options.LabelColumnName = _source.Label;
        options.TokensColumnName = pieces.OutputColumnName;
        options.TokenTypesColumnName = _source.Second is null ? null : TokenTypes;
        options.Pretrained = _pretrained?.Model;
        options.ValidationData = _rows.Validation is { } validation ? Prepare(validation) : null;
        IDataView prepared = Prepare(_rows.Train);
        _classifier = ml.MulticlassClassification.Trainers.TextEncoderClassifier(options).Fit(prepared);
        ITransformer toText = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(_classifier.Transform(prepared));
        return new TransformerChain<ITransformer>(tokenizer, _classifier, toText);
    }

    protected override ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock)
    {
        ClassificationReport? test = _rows.Test is { } rows
            ? ClassificationReport.Measure(new ScoredRows(model, _source.View(ml, rows)), _source.Label, CancellationToken.None)
            : null;
        return new TextClassifierOutcome(Request.Model, request.Pretrained, TextClassifierSummary.Of(_classifier), _rows.Train.Count, epochs, clock.Elapsed, test);
    }

    private WordPieceOptions Pieces()
    {
        var pieces = new WordPieceOptions
        {
            InputColumnName = _source.Text,
            SecondInputColumnName = _source.Second,
            OutputColumnName = DocumentView.TokensOf(_source.Texts.Append(_source.Label)),
            TokenTypeColumnName = TokenTypes,
            MaxTokens = request.Context,
            CancellationToken = Request.Terminal.Cancellation,
        };
        if (_pretrained is { } encoder)
            pieces.Tokenizer = encoder.Tokenizer;
        else
            (pieces.VocabularySize, pieces.MaxCharacters, pieces.Lowercase) = request.Vocabulary;
        return pieces;
    }
}
