using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Tokenization;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Chunking;

/// <summary>The columns of documents, bound to a schema, and those of the rows made of them: tokens, aligned, carried, document.</summary>
internal sealed class ChunkColumns
{
    public ChunkColumns(ChunkTokensState state, DataViewSchema inputSchema, Action checkAlive)
    {
        Promise(state, SchemaShapes.Of(inputSchema));
        State = state;
        CheckAlive = checkAlive;
        Tokens = inputSchema[state.InputColumnName];
        Aligned = [.. state.AlignedColumnNames.Select(name => inputSchema[name])];
        Carried = [.. state.CarriedColumnNames.Select(name => inputSchema[name])];
        Check = new TokenCheck(Tokens.Name, TokenAnnotations.Of(Tokens)?.VocabularySize, "Tokenize the text anew.");
        RequireSeparator();
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(state.OutputColumnName, new VectorDataViewType(NumberDataViewType.Int32), Tokens.Annotations);
        foreach (DataViewSchema.Column column in Aligned)
            schema.AddColumn(column.Name, new VectorDataViewType(((VectorDataViewType)column.Type).ItemType), column.Annotations);
        foreach (DataViewSchema.Column column in Carried)
            schema.AddColumn(column.Name, column.Type, column.Annotations);
        if (state.DocumentColumnName is { } document)
            schema.AddColumn(document, state.Packed ? new VectorDataViewType(NumberDataViewType.Int32) : NumberDataViewType.Int32);
        OutputSchema = schema.ToSchema();
    }

    public ChunkTokensState State { get; }

    public Action CheckAlive { get; }

    public DataViewSchema OutputSchema { get; }

    public TokenCheck Check { get; }

    public DataViewSchema.Column Tokens { get; }

    public DataViewSchema.Column[] Aligned { get; }

    public DataViewSchema.Column[] Carried { get; }

    /// <summary>The place of the first carried column among those of the rows; the tokens and the aligned ones are before it.</summary>
    public int FirstCarried => 1 + Aligned.Length;

    /// <summary>The place of the document column among those of the rows.</summary>
    public int Document => FirstCarried + Carried.Length;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public static SchemaShape Promise(ChunkTokensState state, SchemaShape input)
    {
        SchemaShape.Column tokens = TokenCheck.Require(input, state.InputColumnName);
        List<SchemaShape.Column> columns = [SchemaShapes.Column(state.OutputColumnName, VectorKind.VariableVector, NumberDataViewType.Int32, isKey: false, tokens.Annotations)];
        foreach (string name in state.AlignedColumnNames)
        {
            SchemaShape.Column aligned = input.Require(
                name, "aligned", "a vector of numbers, keys or Booleans", "Conversion.ConvertType or Conversion.MapValueToKey",
                c => c.Kind != VectorKind.Scalar && (c.IsKey || c.ItemType is NumberDataViewType or BooleanDataViewType));
            columns.Add(SchemaShapes.Column(name, VectorKind.VariableVector, aligned.ItemType, aligned.IsKey, aligned.Annotations));
        }
        columns.AddRange(state.CarriedColumnNames.Select(name => input.Require(name, "carried", "there", "CopyColumns", _ => true)));
        if (state.DocumentColumnName is { } document)
            columns.Add(SchemaShapes.Column(document, state.Packed ? VectorKind.VariableVector : VectorKind.Scalar, NumberDataViewType.Int32));
        return new SchemaShape(columns);
    }

    private void RequireSeparator()
    {
        if (State.SeparatorId is { } separator && TokenAnnotations.Of(Tokens) is { } tokens && separator >= tokens.VocabularySize)
            throw new ArgumentOutOfRangeException(
                nameof(ChunkTokensOptions.SeparatorId), separator,
                $"{nameof(ChunkTokensOptions.SeparatorId)} is outside the vocabulary of column '{Tokens.Name}', whose ids lie in [0, {tokens.VocabularySize}).");
    }
}
