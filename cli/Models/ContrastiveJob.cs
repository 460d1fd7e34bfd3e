using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using MLNetExt.Contrastive;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>Trains two towers.</summary>
/// <param name="run">What every run is told.</param>
/// <param name="request">The pairs.</param>
/// <param name="options">The trainer's options; columns and validation data are set here.</param>
/// <param name="imageSize">The height and width that images are brought to, in pixels.</param>
/// <param name="vocabulary">How many different tokens text is cut into, at most.</param>
internal sealed class ContrastiveJob(RunRequest run, PairDataRequest request, SigmoidContrastiveOptions options, int imageSize, int vocabulary)
    : TrainingJob(run, options.Training, options.Seed ?? 0)
{
    private PairData _data = null!;
    private SidePipeline _left = null!;
    private SidePipeline _right = null!;
    private ContrastiveTransformer _towers = null!;

    protected override IEnumerable<(string Name, string Source, DataKind Kind)> Open(MLContext ml)
    {
        _data = PairData.Open(ml, request, Seed, Request.Terminal.Cancellation);
        if (_data.Parts.Validation is not null && options.ValidationFraction > 0)
            throw new UserErrorException($"--split-column {request.Test.SplitColumn} has validation rows: leave --validation-fraction out, or name another column.");
        foreach (PairSide side in new[] { _data.Left, _data.Right })
            side.Plan.WarnOfEmptyColumns(Request.Terminal);
        _left = SidePipeline.Create(ml, _data.Left, imageSize, vocabulary);
        _right = SidePipeline.Create(ml, _data.Right, imageSize, vocabulary);
        return _data.Sources;
    }

    protected override TransformerChain<ITransformer> Fit(MLContext ml)
    {
        ITransformer left = _left.Estimator.Fit(_data.Parts.Train), right = _right.Estimator.Fit(left.Transform(_data.Parts.Train));
        IDataView Prepare(IDataView rows) => right.Transform(left.Transform(rows));
        (options.LeftColumnName, options.RightColumnName) = (_left.Output, _right.Output);
        options.ValidationData = _data.Parts.Validation is { } validation ? Prepare(validation) : null;
        _towers = ml.Contrastive.Trainers.Sigmoid(options).Fit(Prepare(_data.Parts.Train));
        return new TransformerChain<ITransformer>(left, right, _towers);
    }

    protected override ITrainingOutcome Measure(MLContext ml, TransformerChain<ITransformer> model, int epochs, Stopwatch clock)
    {
        string? group = options.Matching switch
        {
            PairMatching.EqualRight => _right.Text,
            PairMatching.EqualLeft => _left.Text,
            _ => null,
        };
        RetrievalMetrics? test = _data.Parts.Test is { } rows ? ml.Contrastive.EvaluateRetrieval(model.Transform(rows), groupColumnName: group) : null;
        long testRows = request.Test.Fraction > 0 && test is not null ? test.LeftToRight.Queries + test.RowsLeftOut : 0;
        return new ContrastiveOutcome(Request.Model, _data.Left, _data.Right, TowersSummary.Of(_towers), _data.Rows - testRows, epochs, clock.Elapsed, test);
    }
}
