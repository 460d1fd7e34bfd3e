using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tokenization;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Masking;

/// <summary>A token column bound to a schema, and beside it which of the tokens are kept: their places, and a mask.</summary>
internal sealed class TokenDroppingColumns : TokenColumns
{
    private readonly DropPolicy _policy;
    private readonly float[]? _table;
    private readonly TokenCheck _check;
    private readonly long _epoch;

    /// <param name="state">The options.</param>
    /// <param name="table">The score of each id; null for random ones.</param>
    /// <param name="inputSchema">The schema.</param>
    /// <param name="checkAlive">Throws once the transformer is disposed.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or is of another vocabulary than the table.</exception>
    public TokenDroppingColumns(TokenDroppingState state, float[]? table, DataViewSchema inputSchema, Action checkAlive)
        : base(inputSchema, state.InputColumnName, checkAlive)
    {
        Promise(state, SchemaShapes.Of(inputSchema));
        TokenColumnInfo? info = TokenAnnotations.Of(Tokens);
        // A table that was given may be that of an encoder, whose network can know more ids than its tokenizer.
        if (info is not null && table is not null && (state.Scoring == DropScoring.Table ? table.Length < info.VocabularySize : table.Length != info.VocabularySize))
            throw new ArgumentException(
                $"The table has the scores of {table.Length} ids, but the vocabulary of column '{Tokens.Name}' has {info.VocabularySize}: give a table of all its ids, or fit again.");
        _policy = state.Policy(info);
        _table = table;
        _check = new TokenCheck(Tokens.Name, info?.VocabularySize ?? table?.Length, "Tokenize the text anew, or score by a table of all ids.", source: info is null ? "the table of scores" : "the column");
        _epoch = state.Epoch;
        Add(new(state.OutputColumnName, new VectorDataViewType(NumberDataViewType.Int32)), new(state.MaskColumnName, Aligned(NumberDataViewType.Single)));
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or does not say what the options leave open.</exception>
    public static SchemaShape Promise(TokenDroppingState state, SchemaShape input)
    {
        SchemaShape.Column tokens = TokenCheck.RequireNamed(input, state.InputColumnName, state.Missing());
        return input.With(
            SchemaShapes.Column(state.OutputColumnName, VectorKind.VariableVector, NumberDataViewType.Int32),
            SchemaShapes.Column(state.MaskColumnName, tokens.Kind, NumberDataViewType.Single));
    }

    protected override Delegate CreateGetter(DataViewRow row, int added)
    {
        TokenReader tokens = Read(row, _check);
        int[] places = [];
        return added == 0
            ? (ValueGetter<VBuffer<int>>)((ref VBuffer<int> value) =>
            {
                ReadOnlySpan<int> kept = Select(out _);
                VBufferEditor<int> editor = VBufferEditor.Create(ref value, kept.Length);
                kept.CopyTo(editor.Values);
                value = editor.Commit();
            })
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                ReadOnlySpan<int> kept = Select(out int length);
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, length);
                editor.Values.Clear();
                foreach (int place in kept)
                    editor.Values[place] = 1;
                value = editor.Commit();
            });

        ReadOnlySpan<int> Select(out int length)
        {
            ReadOnlySpan<int> ids = tokens.Read();
            length = ids.Length;
            if (places.Length < length)
                places = new int[length];
            int keep = _policy.KeepCount(ids, length);
            Span<int> selected = places.AsSpan(0, keep), unselected = places.AsSpan(keep, length - keep);
            if (_table is null)
                _policy.Select(ids, MaskPolicy.RowHash(ids), _epoch, selected, unselected, tokens.Row);
            else
                _policy.Select(ids, _table, selected, unselected, tokens.Row);
            return selected;
        }
    }
}
