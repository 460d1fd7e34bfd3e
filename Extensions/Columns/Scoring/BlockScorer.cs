using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MLNetExt.Columns;

/// <summary>Computes output columns from input columns, a block of rows at a time. It is bound to one input schema;
/// <see cref="BlockScoringView"/> and <see cref="BlockRowMapper"/> bring it to ML.NET.</summary>
public abstract class BlockScorer
{
    /// <summary>Binds the inputs and promises the outputs.</summary>
    /// <param name="inputSchema">The schema of the data to score.</param>
    /// <param name="inputs">The columns to score from; <see cref="VectorLayout.Auto"/> is dense here.</param>
    /// <param name="outputs">The columns to add: name, type and annotations.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or of the wrong type.</exception>
    protected BlockScorer(
        DataViewSchema inputSchema, IReadOnlyList<BatchColumn> inputs, IReadOnlyList<DataViewSchema.DetachedColumn> outputs)
    {
        InputSchema = inputSchema;
        Inputs = BoundColumns.Bind(inputs, inputSchema);
        Outputs = outputs;
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(inputSchema);
        schema.AddColumns(outputs);
        OutputSchema = schema.ToSchema();
    }

    /// <summary>The schema of the data to score.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary>The columns scored from.</summary>
    public IReadOnlyList<BoundColumn> Inputs { get; }

    /// <summary>The columns added.</summary>
    public IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

    /// <summary>The input columns, then the outputs; an output hides an input of its name.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>Scores a block. Called from several threads at once, without gradients, inside a dispose scope of its own.</summary>
    /// <param name="batch">The input columns, on the CPU. NaN is passed on as it comes.</param>
    /// <param name="active">Which outputs are wanted, in the order of <see cref="Outputs"/>.</param>
    /// <returns>The outputs in that order; one that is not wanted may be null.</returns>
    protected abstract ScoredColumn?[] Score(TensorBatch batch, ReadOnlySpan<bool> active);

    internal ScoredColumn?[] ScoreBlock(TensorBatch batch, ReadOnlySpan<bool> active)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        ScoredColumn?[] columns = Score(batch, active);
        for (int i = 0; i < active.Length; i++)
        {
            if (active[i])
                Check(columns[i], Outputs[i], batch.RowCount);
        }
        return columns;
    }

    /// <summary>Which columns of a cursor or row over <see cref="OutputSchema"/> are wanted.</summary>
    internal ActiveColumns Activate(IEnumerable<DataViewSchema.Column> columns) => new(this, columns);

    /// <summary>Makes the getter of an output column.</summary>
    /// <param name="output">Its place in <see cref="Outputs"/>.</param>
    /// <param name="current">Scores when need be; gives the scored columns and the row to take from them.</param>
    internal ValueGetter<T> CreateGetter<T>(int output, Func<(ScoredColumn?[] Columns, int Row)> current)
    {
        DataViewType type = Outputs[output].Type;
        if (type.RawType != typeof(T))
            throw new InvalidOperationException($"Column '{Outputs[output].Name}' is {type}: read it as {type.RawType}, not {typeof(T)}.");
        return (ref T value) =>
        {
            (ScoredColumn?[] columns, int row) = current();
            ((ScoredColumn<T>)columns[output]!).CopyTo(row, ref value);
        };
    }

    private static void Check(ScoredColumn? column, DataViewSchema.DetachedColumn promised, int rows)
    {
        if (column is null || column.RowCount != rows)
            throw new InvalidOperationException($"The scorer gave {column?.RowCount ?? 0} rows of column '{promised.Name}' for {rows} rows of data.");
        if (column.RawType != promised.Type.RawType)
            throw new InvalidOperationException($"The scorer promised column '{promised.Name}' as {promised.Type} and gave {column.RawType}.");
    }
}
