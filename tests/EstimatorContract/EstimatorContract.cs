using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.Contract;

/// <summary>What every estimator owes its users, one test a clause. A test class derives from it, describes its estimator in
/// the members below, and inherits the tests.</summary>
/// <remarks>Trainers derive from <see cref="TrainerContract{TOptions, TRow, TPrediction}"/>, multiclass trainers from
/// <see cref="MulticlassContract{TOptions}"/>. The clauses are in one file for each theme: Options, Schema, Saving, Scoring, Lifetime.</remarks>
/// <typeparam name="TOptions">The estimator's options.</typeparam>
/// <typeparam name="TRow">A row of data, as a user's class.</typeparam>
/// <typeparam name="TPrediction">What a prediction engine makes of a row.</typeparam>
public abstract partial class EstimatorContract<TOptions, TRow, TPrediction>
    where TOptions : class, new()
    where TRow : class, new()
    where TPrediction : class, IPrediction, new()
{
    /// <summary>Options that fit the data in a moment, with a fixed seed. A new object for every call.</summary>
    protected abstract TOptions Options();

    /// <summary>The catalog's overload that takes options.</summary>
    protected abstract IEstimator<ITransformer> Create(MLContext ml, TOptions options);

    /// <summary>The catalog's overload that takes a few headline arguments.</summary>
    protected abstract IEstimator<ITransformer> CreateShort(MLContext ml);

    /// <summary>The options that say the same as <see cref="CreateShort"/>.</summary>
    protected abstract TOptions ShortOptions();

    /// <summary>The rows to fit. New objects for every call: clauses change them.</summary>
    protected abstract TRow[] Rows();

    /// <summary>The columns that the estimator reads, each with the words for the type that it expects.</summary>
    protected abstract IReadOnlyDictionary<string, string> RequiredColumns { get; }

    /// <summary>Sets how many rows are scored in one forward pass.</summary>
    protected abstract void SetBlockSize(TOptions options, int rows);

    /// <summary>Whether a search can change anything that matters.</summary>
    protected virtual bool HasSearchableOptions => true;

    /// <summary>Whether the catalog's short overload can name all that the data asks for. If not, the two overloads are not compared.</summary>
    protected virtual bool ShortOverloadFits => true;

    /// <summary>What comes before the estimator in a pipeline, such as MapValueToKey; null for nothing.</summary>
    protected virtual IEstimator<ITransformer>? Before(MLContext ml) => null;

    /// <summary>How <typeparamref name="TRow"/> becomes columns.</summary>
    protected virtual SchemaDefinition RowSchema() => SchemaDefinition.Create(typeof(TRow));

    /// <summary>Whether the transformer makes one row of one row. If not, there is no prediction engine, and columns pass through only when an option names them.</summary>
    protected virtual bool MapsRows => true;

    /// <summary>How many single predictions the memory clause makes in the default run.</summary>
    protected virtual int PredictionsForMemory => 20_000;

    /// <summary>Rows as the estimator gets them. What comes before it is always fitted on <see cref="Rows"/>.</summary>
    protected IDataView Data(MLContext ml, IEnumerable<TRow> rows)
    {
        IDataView view = ml.Data.LoadFromEnumerable(rows, RowSchema());
        return Before(ml) is { } before
            ? before.Fit(ml.Data.LoadFromEnumerable(Rows(), RowSchema())).Transform(view)
            : view;
    }

    /// <summary><see cref="Rows"/> as the estimator gets them.</summary>
    protected IDataView Data(MLContext ml) => Data(ml, Rows());

    /// <summary>Fits on <see cref="Rows"/> unless told otherwise; the caller disposes it.</summary>
    protected Fitted Fit(TOptions? options = null, IEnumerable<TRow>? rows = null)
    {
        var ml = new MLContext(seed: 1);
        return new Fitted(ml, Create(ml, options ?? Options()).Fit(Data(ml, rows ?? Rows())));
    }

    /// <summary>The columns that a transformer adds, with their values; all of them when it makes other rows.</summary>
    protected Table Outputs(ITransformer transformer, IDataView data)
    {
        IDataView output = transformer.Transform(data);
        int first = MapsRows ? data.Schema.Count : 0;
        return Table.Read(output, output.Schema.Where(c => c.Index >= first && !c.IsHidden).Select(c => c.Name));
    }

    /// <summary>The columns that a transformer adds to <see cref="Rows"/>.</summary>
    protected Table Outputs(Fitted fitted) => Outputs(fitted.Transformer, Data(fitted.Context));

    /// <summary>How the names of the model's entries end that hold what was learned.</summary>
    protected virtual string WeightsSuffix => ".safetensors";

    /// <summary>What a model's file holds as weights.</summary>
    protected string Weights(Fitted fitted) =>
        ModelFile.WeightsOf(ModelFile.Write(fitted.Context, fitted.Transformer, Data(fitted.Context).Schema), WeightsSuffix);
}
