using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tokenization;

namespace MLNetExt.Masking;

/// <summary>A token column bound to a schema, and beside it what is read and predicted of it: tokens, labels and, if wanted, weights.</summary>
internal sealed class MaskTokensColumns : TokenColumns
{
    private readonly MaskPolicy _policy;
    private readonly TokenCheck _check;
    private readonly long _epoch;

    public MaskTokensColumns(MaskTokensState state, DataViewSchema inputSchema, Action checkAlive)
        : base(inputSchema, state.InputColumnName, checkAlive)
    {
        Promise(state, SchemaShapes.Of(inputSchema));
        MaskVocabulary vocabulary = state.Vocabulary(TokenAnnotations.Of(Tokens));
        _policy = new MaskPolicy(state.Rule, vocabulary);
        _check = new TokenCheck(Tokens.Name, vocabulary.Size, "Tokenize the text anew.", source: state.VocabularySize is null ? "the column" : nameof(MaskTokensOptions.VocabularySize));
        _epoch = state.Epoch;
        Add(
            [
                new(state.OutputColumnName, Aligned(NumberDataViewType.Int32), Tokens.Annotations),
                new(state.LabelColumnName, Aligned(NumberDataViewType.Int32)),
                .. state.WeightColumnName is { } weight ? (DataViewSchema.DetachedColumn[])[new(weight, Aligned(NumberDataViewType.Single))] : [],
            ]);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or does not say what the options leave open.</exception>
    public static SchemaShape Promise(MaskTokensState state, SchemaShape input)
    {
        SchemaShape.Column tokens = TokenCheck.RequireNamed(input, state.InputColumnName, state.Missing());
        List<SchemaShape.Column> added =
        [
            SchemaShapes.Column(state.OutputColumnName, tokens.Kind, NumberDataViewType.Int32, isKey: false, tokens.Annotations),
            SchemaShapes.Column(state.LabelColumnName, tokens.Kind, NumberDataViewType.Int32),
        ];
        if (state.WeightColumnName is { } weight)
            added.Add(SchemaShapes.Column(weight, tokens.Kind, NumberDataViewType.Single));
        return input.With(added);
    }

    protected override Delegate CreateGetter(DataViewRow row, int added)
    {
        TokenReader tokens = Read(row, _check);
        int[] other = [];
        return added switch
        {
            0 => (ValueGetter<VBuffer<int>>)((ref VBuffer<int> value) => Fill(ref value, isLabel: false)),
            1 => (ValueGetter<VBuffer<int>>)((ref VBuffer<int> value) => Fill(ref value, isLabel: true)),
            _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => FillWeights(ref value)),
        };

        void Fill(ref VBuffer<int> value, bool isLabel)
        {
            ReadOnlySpan<int> ids = tokens.Read();
            VBufferEditor<int> editor = VBufferEditor.Create(ref value, ids.Length);
            Span<int> rest = Room(ref other, ids.Length);
            Apply(ids, isLabel ? rest : editor.Values, isLabel ? editor.Values : rest);
            value = editor.Commit();
        }

        void FillWeights(ref VBuffer<float> value)
        {
            ReadOnlySpan<int> ids = tokens.Read();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, ids.Length);
            Span<int> room = Room(ref other, 2 * ids.Length), labels = room[ids.Length..];
            Apply(ids, room[..ids.Length], labels);
            for (int i = 0; i < labels.Length; i++)
                editor.Values[i] = labels[i] == MaskPolicy.Ignored ? 0 : 1;
            value = editor.Commit();
        }
    }

    private void Apply(ReadOnlySpan<int> ids, Span<int> inputs, Span<int> labels) => _policy.Apply(ids, MaskPolicy.RowHash(ids), _epoch, inputs, labels);

    private static Span<int> Room(ref int[] memory, int count)
    {
        if (memory.Length < count)
            memory = new int[count];
        return memory.AsSpan(0, count);
    }
}
