using System.Globalization;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Torch;
using MLNetExt.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLNetExt.Fitting;

/// <summary>One Fit of a trainer, as far as all trainers are alike: opens the rows, sets some aside for validation, and runs the loop
/// under the MLContext, which can cancel it and has its log.</summary>
/// <typeparam name="TRows">What looks at the rows in the first pass.</typeparam>
internal abstract class TrainerFit<TRows> : IDisposable
    where TRows : class, IFitRows
{
    private readonly ITrainerOptions _options;
    private BatchSource? _rows;
    private BatchSource? _validationRows;

    protected TrainerFit(ComponentHost host, ITrainerOptions options)
    {
        LibTorch.EnsureLoaded();
        (Host, _options) = (host, options);
        Seed = options.Seed ?? host.DrawSeed();
        Device = TorchDevice.Choose(host.Environment);
    }

    protected ComponentHost Host { get; }

    /// <summary>Seeds all that is drawn.</summary>
    protected int Seed { get; }

    /// <summary>Where the network is trained.</summary>
    protected Device Device { get; }

    /// <summary>Ends the run from outside.</summary>
    protected RunCancellation Cancellation { get; private set; } = null!;

    /// <summary>Draws the initial weights, then what is dropped.</summary>
    protected Generator Generator { get; private set; } = null!;

    /// <summary>The rows that are trained on. They have the columns of all rows.</summary>
    protected BatchSource Training { get; private set; } = null!;

    /// <summary>The rows that are validated on; null for none.</summary>
    protected BatchSource? Validation { get; private set; }

    /// <summary>What was seen of the training data, rows set aside included.</summary>
    protected TRows Seen { get; private set; } = null!;

    /// <summary>What was seen of validation data that is no part of the training data; null when there is none.</summary>
    protected TRows? SeenInValidation { get; private set; }

    public void Dispose()
    {
        // Null when Read did not come so far.
        _rows?.Dispose();
        _validationRows?.Dispose();
        Generator?.Dispose();
        Cancellation?.Dispose();
    }

    /// <summary>Reads the data once; the constructor's last act. What it throws leaves nothing to dispose of.</summary>
    /// <param name="trainData">The training data.</param>
    /// <param name="validationData">Data to validate on; null for none.</param>
    /// <param name="validationFraction">The share of training rows that is set aside when there is none.</param>
    /// <exception cref="ArgumentException">There is nothing to learn from; the message says why.</exception>
    protected void Read(IDataView trainData, IDataView? validationData, double validationFraction)
    {
        try
        {
            Cancellation = new RunCancellation(Host, _options.Training.CancellationToken);
            Generator = new Generator((ulong)Seed);
            RowSplit? split = validationData is null && validationFraction > 0 ? new RowSplit(validationFraction, Seed) : null;
            (_rows, Seen) = Open(trainData, split, isTraining: true);
            Seen.Report("training");
            (Training, Validation) = split is { } parts ? _rows.Split(parts) : (_rows, null);
            if (validationData is not null)
            {
                (_validationRows, SeenInValidation) = Open(validationData, split: null, isTraining: false);
                SeenInValidation.Report("validation");
                Validation = _validationRows;
            }

            RequireTrainingRows();
            CheckRows();
            RequireValidationRows();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens data, training data first.</summary>
    /// <param name="data">The data.</param>
    /// <param name="split">Which of its rows are set aside; null for none.</param>
    /// <param name="isTraining">Whether it is the training data.</param>
    protected abstract (BatchSource Rows, TRows Seen) Open(IDataView data, RowSplit? split, bool isTraining);

    /// <summary>Opens data with what the options say of batches; training data is shuffled.</summary>
    protected BatchSource Open(IDataView data, IReadOnlyList<BatchColumn> columns, TRows seen, bool isTraining, string? bucketBy = null)
    {
        var options = new BatchSourceOptions
        {
            BatchSize = _options.BatchSize,
            Shuffle = isTraining,
            Seed = Seed,
            BucketBy = isTraining ? bucketBy : null,
            MemoryBudgetBytes = _options.MemoryBudgetBytes,
        };
        return BatchSource.Open(data, columns, options, seen, _options.Training.CancellationToken);
    }

    /// <summary>Says that no row of the training data can be used, and which could be.</summary>
    protected abstract string NoRows { get; }

    /// <summary>What else must hold of the rows, of which there are some for training, and what the user should know of them.</summary>
    /// <exception cref="ArgumentException">It does not hold.</exception>
    protected virtual void CheckRows()
    {
    }

    /// <summary>What decides the weights besides seed, data and the options of the loop; see <see cref="TrainingLoop.Settings"/>.</summary>
    protected abstract Dictionary<string, string> Settings();

    /// <summary>Trains a network on the training rows.</summary>
    /// <param name="network">The network, on <see cref="Device"/>.</param>
    /// <param name="step">What to do with a batch.</param>
    /// <param name="validator">Measures it on the validation rows; null for no validation.</param>
    /// <param name="grouping">The groups of parameters; those by shape when null.</param>
    protected void Train(Module network, ITrainingStep step, IValidator? validator, Func<string, Tensor, ParameterGroup>? grouping = null)
    {
        var loop = new TrainingLoop(network, step, _options.Training.ForRun(Cancellation.Token, new EpochLog(Host, _options.Training.Progress)))
        {
            Grouping = grouping ?? ParameterGroup.ByShape,
            Validator = validator,
            Settings = Identity(),
            Warn = Host.Warn,
        };
        try
        {
            loop.Run(Training);
        }
        catch (TrainingCanceledException e)
        {
            throw Cancellation.Explain(e);
        }
    }

    private void RequireTrainingRows()
    {
        if (_rows!.RowCount == 0)
            throw new ArgumentException(NoRows);
        if (Training.RowCount == 0)
            throw new ArgumentException($"All rows of the training data that can be used ({_rows.RowCount}) are set aside for validation: give more rows, ValidationData, or a lower ValidationFraction.");
    }

    private void RequireValidationRows()
    {
        if (Validation is { RowCount: 0 })
            throw new ArgumentException(_validationRows is not null
                ? "The validation data has no rows that can be used."
                : "The validation part has no rows: raise ValidationFraction, or give ValidationData.");
    }

    private Dictionary<string, string> Identity()
    {
        Dictionary<string, string> identity = Settings();
        identity["Seed"] = Seed.ToString(CultureInfo.InvariantCulture);
        identity["training data"] = Seen.Digest.ToString();
        if (SeenInValidation is not null)
            identity["validation data"] = SeenInValidation.Digest.ToString();
        return identity;
    }
}
