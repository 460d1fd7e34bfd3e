using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tokenization;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Masking;

/// <summary>The columns that a goldfish mask is made of, bound to a schema, and the mask as the last column of another.</summary>
internal sealed class GoldfishColumns
{
    private readonly GoldfishMaskState _state;
    private readonly Action _checkAlive;
    private readonly GoldfishMask _mask;
    private readonly TokenCheck _check;
    private readonly DataViewSchema.Column _tokens;
    private readonly DataViewSchema.Column? _documents;

    public GoldfishColumns(GoldfishMaskState state, DataViewSchema inputSchema, Action checkAlive)
    {
        Promise(state, SchemaShapes.Of(inputSchema));
        _state = state;
        _checkAlive = checkAlive;
        InputSchema = inputSchema;
        _tokens = inputSchema[state.InputColumnName];
        _documents = state.DocumentColumnName is { } documents ? inputSchema[documents] : null;
        TokenColumnInfo? info = TokenAnnotations.Of(_tokens);
        _check = new TokenCheck(
            _tokens.Name, info?.VocabularySize, $"Tokenize the text anew, or set {nameof(GoldfishMaskOptions.IgnoreId)} when that id is padding.", state.Rule.IgnoreId);
        _mask = new GoldfishMask(state.ExemptSpecialTokens
            ? state.Rule with { ExemptIds = [.. state.Rule.ExemptIds.Concat(info!.SpecialTokens.Values).Distinct()] }
            : state.Rule);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(inputSchema);
        schema.AddColumn(state.OutputColumnName, MaskType(_tokens));
        OutputSchema = schema.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    /// <summary>The input columns, then the mask.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>Whether a mask depends on the place of its row, and not on its tokens alone.</summary>
    public bool DependOnPosition => _state.Rule.Strategy == GoldfishStrategy.Random;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static SchemaShape Promise(GoldfishMaskState state, SchemaShape input)
    {
        SchemaShape.Column tokens = TokenCheck.Require(input, state.InputColumnName);
        if (state.ExemptSpecialTokens && !TokenCheck.NamesTokenizer(tokens))
            throw new ArgumentOutOfRangeException(
                nameof(input), $"{nameof(GoldfishMaskOptions.ExemptSpecialTokens)} needs a token column that says which tokenizer made it, and '{tokens.Name}' does not: "
                + $"use the column that Text.TokenizeBytePairs adds, or name the ids in {nameof(GoldfishMaskOptions.ExemptIds)}.");
        if (state.DocumentColumnName is { } documents)
            input.Require(
                documents, "document", "a vector of Int32, Int64 or keys", "Text.ChunkTokens, which adds such a column, or Conversion.ConvertType",
                c => c.Kind != VectorKind.Scalar && (c.ItemType == NumberDataViewType.Int32 || c.ItemType == NumberDataViewType.Int64 || (c.IsKey && c.ItemType == NumberDataViewType.UInt32)));
        return input.With(SchemaShapes.Column(state.OutputColumnName, tokens.Kind, NumberDataViewType.Single));
    }

    /// <summary>The input columns that are needed for some of the output's.</summary>
    public IEnumerable<DataViewSchema.Column> Needed(IEnumerable<DataViewSchema.Column> columns)
    {
        DataViewSchema.Column[] wanted = [.. columns];
        IEnumerable<DataViewSchema.Column> needed = wanted.Where(c => c.Index < InputSchema.Count).Select(c => InputSchema[c.Index]);
        if (wanted.Any(c => c.Index == InputSchema.Count))
            needed = needed.Append(_tokens).Concat(_documents is { } documents ? [documents] : []);
        return needed.DistinctBy(c => c.Index);
    }

    /// <summary>Makes the getter of a column of the output from a row of the input.</summary>
    public ValueGetter<T> GetGetter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Index < InputSchema.Count)
            return row.GetGetter<T>(InputSchema[column.Index]);
        return (Delegate)MaskGetter(row) as ValueGetter<T>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type}: read it as {column.Type.RawType}, not {typeof(T)}.");
    }

    private ValueGetter<VBuffer<float>> MaskGetter(DataViewRow row)
    {
        ValueGetter<VBuffer<int>> tokensGetter = row.GetGetter<VBuffer<int>>(_tokens);
        DocumentIds? documents = _documents is { } column ? DocumentIds.Of(row, column) : null;
        VBuffer<int> tokens = default;
        int[] dense = [];
        return (ref VBuffer<float> value) =>
        {
            _checkAlive();
            tokensGetter(ref tokens);
            ReadOnlySpan<int> ids = Dense(in tokens, ref dense);
            _check.Ids(ids, row.Position);
            ReadOnlySpan<long> of = documents is null ? default : documents.Read();
            if (documents is not null && of.Length != ids.Length)
                throw new InvalidDataException(
                    $"Row {row.Position} has {ids.Length} tokens in column '{_tokens.Name}' and {of.Length} document ids in column '{_state.DocumentColumnName}': each token needs one.");
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, ids.Length);
            _mask.Fill(ids, editor.Values, of, Math.Max(0, row.Position));
            value = editor.Commit();
        };
    }

    private static ReadOnlySpan<int> Dense(in VBuffer<int> values, ref int[] scratch)
    {
        if (values.IsDense)
            return values.GetValues();
        if (scratch.Length < values.Length)
            scratch = new int[values.Length];
        values.CopyTo(scratch);
        return scratch.AsSpan(0, values.Length);
    }

    private static VectorDataViewType MaskType(DataViewSchema.Column tokens)
    {
        var type = (VectorDataViewType)tokens.Type;
        return type.IsKnownSize ? new(NumberDataViewType.Single, type.Size) : new(NumberDataViewType.Single);
    }
}
