using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Components;
using MLNetExt.Tokenization;

namespace MLNetExt.Masking;

/// <summary>Columns that are made of a row's tokens, bound to a schema, and added as the last of another.</summary>
internal abstract class TokenColumns
{
    private readonly Action _checkAlive;

    /// <exception cref="ArgumentOutOfRangeException">The token column is missing or of the wrong type.</exception>
    protected TokenColumns(DataViewSchema inputSchema, string tokens, Action checkAlive)
    {
        TokenCheck.Require(SchemaShapes.Of(inputSchema), tokens);
        _checkAlive = checkAlive;
        InputSchema = OutputSchema = inputSchema;
        Tokens = inputSchema[tokens];
    }

    public DataViewSchema InputSchema { get; }

    /// <summary>The input columns, then the added ones.</summary>
    public DataViewSchema OutputSchema { get; private set; }

    /// <summary>Whether a value depends on the place of its row, and not on its tokens alone.</summary>
    public virtual bool DependOnPosition => false;

    protected DataViewSchema.Column Tokens { get; }

    /// <summary>The input columns that the added ones are made of.</summary>
    protected virtual IEnumerable<DataViewSchema.Column> Sources => [Tokens];

    /// <summary>The input columns that are needed for some of the output's.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] wanted = [.. columns];
        IEnumerable<DataViewSchema.Column> needed = wanted.Where(c => c.Index < InputSchema.Count).Select(c => InputSchema[c.Index]);
        if (wanted.Any(c => c.Index >= InputSchema.Count))
            needed = needed.Concat(Sources);
        return needed.DistinctBy(c => c.Index);
    }

    /// <summary>Makes the getter of a column of the output from a row of the input.</summary>
    public ValueGetter<T> GetGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Index < InputSchema.Count)
            return row.GetGetter<T>(InputSchema[column.Index]);
        return CreateGetter(row, column.Index - InputSchema.Count) as ValueGetter<T>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}: read it as {column.Type.RawType}, not {typeof(T)}.");
    }

    /// <summary>Makes the getter of an added column.</summary>
    /// <param name="row">A row of the input.</param>
    /// <param name="added">The place of the column among those added.</param>
    protected abstract Delegate CreateGetter(DataViewRow row, int added);

    protected void Add(params ReadOnlySpan<DataViewSchema.DetachedColumn> columns)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(InputSchema);
        foreach (DataViewSchema.DetachedColumn column in columns)
            schema.AddColumn(column.Name, column.Type, column.Annotations);
        OutputSchema = schema.ToSchema();
    }

    /// <summary>The type of a vector as long as the tokens.</summary>
    protected VectorDataViewType Aligned(PrimitiveDataViewType itemType)
    {
        var type = (VectorDataViewType)Tokens.Type;
        return type.IsKnownSize ? new(itemType, type.Size) : new(itemType);
    }

    protected TokenReader Read(DataViewRow row, TokenCheck check) => new(row, Tokens, check, _checkAlive);
}
