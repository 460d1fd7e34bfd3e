using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tokenization;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Masking;

/// <summary>The columns that a goldfish mask is made of, bound to a schema, and the mask as the last column of another.</summary>
internal sealed class GoldfishColumns : TokenColumns
{
    private readonly GoldfishMaskState _state;
    private readonly GoldfishMask _mask;
    private readonly TokenCheck _check;
    private readonly DataViewSchema.Column? _documents;

    public GoldfishColumns(GoldfishMaskState state, DataViewSchema inputSchema, Action checkAlive)
        : base(inputSchema, state.InputColumnName, checkAlive)
    {
        Promise(state, SchemaShapes.Of(inputSchema));
        _state = state;
        _documents = state.DocumentColumnName is { } documents ? inputSchema[documents] : null;
        TokenColumnInfo? info = TokenAnnotations.Of(Tokens);
        _check = new TokenCheck(
            Tokens.Name, info?.VocabularySize, $"Tokenize the text anew, or set {nameof(GoldfishMaskOptions.IgnoreId)} when that id is padding.", state.Rule.IgnoreId);
        _mask = new GoldfishMask(state.ExemptSpecialTokens
            ? state.Rule with { ExemptIds = [.. state.Rule.ExemptIds.Concat(info!.SpecialTokens.Values).Distinct()] }
            : state.Rule);
        Add(new DataViewSchema.DetachedColumn(state.OutputColumnName, Aligned(NumberDataViewType.Single)));
    }

    public override bool DependOnPosition => _state.Rule.Strategy == GoldfishStrategy.Random;

    protected override IEnumerable<DataViewSchema.Column> Sources => _documents is { } documents ? [Tokens, documents] : [Tokens];

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

    protected override Delegate CreateGetter(DataViewRow row, int added)
    {
        TokenReader tokens = Read(row, _check);
        DocumentIds? documents = _documents is { } column ? DocumentIds.Of(row, column) : null;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            ReadOnlySpan<int> ids = tokens.Read();
            ReadOnlySpan<long> of = documents is null ? default : documents.Read();
            if (documents is not null && of.Length != ids.Length)
                throw new InvalidDataException(
                    $"Row {row.Position} has {ids.Length} tokens in column '{Tokens.Name}' and {of.Length} document ids in column '{_state.DocumentColumnName}': each token needs one.");
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, ids.Length);
            _mask.Fill(ids, editor.Values, of, tokens.Row);
            value = editor.Commit();
        });
    }
}
