using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.LanguageModeling;
using static Microsoft.ML.SchemaShape.Column;

namespace MLNetExt.Contrastive;

/// <summary>Chooses a tower from the options and the type of its column.</summary>
internal static class TowerChoice
{
    private static readonly Dictionary<ColumnKind, TowerKind[]> s_kinds = new()
    {
        // The first is that of TowerKind.Auto, where the role does not say otherwise.
        [ColumnKind.Vector] = [TowerKind.Mlp, TowerKind.Linear, TowerKind.Identity, TowerKind.Custom],
        [ColumnKind.Image] = [TowerKind.ResNet, TowerKind.VisionTransformer, TowerKind.Custom],
        [ColumnKind.Tokens] = [TowerKind.TextTransformer, TowerKind.Encoder, TowerKind.Custom],
        [ColumnKind.Text] = [TowerKind.HashingBag],
    };

    /// <summary>What a column of that type is read as; null when a tower cannot read it.</summary>
    public static ColumnKind? Input(DataViewType itemType) => itemType switch
    {
        NumberDataViewType when itemType == NumberDataViewType.Single => ColumnKind.Vector,
        NumberDataViewType when itemType == NumberDataViewType.Int32 => ColumnKind.Tokens,
        TextDataViewType => ColumnKind.Text,
        ImageDataViewType => ColumnKind.Image,
        _ => null,
    };

    /// <summary>Whether a kind of tower, which must not be <see cref="TowerKind.Auto"/>, reads that input.</summary>
    public static bool CanRead(TowerKind kind, ColumnKind input) => s_kinds.TryGetValue(input, out TowerKind[]? kinds) && kinds.Contains(kind);

    /// <summary>A kind of input in words, for messages.</summary>
    public static string Describe(ColumnKind input) => input switch
    {
        ColumnKind.Vector => "a vector of Single of known length",
        ColumnKind.Tokens => "tokens",
        ColumnKind.Image => "images",
        _ => "text",
    };

    /// <summary>The ML.NET transform that gives a kind of input, for messages.</summary>
    public static string Remedy(ColumnKind input) => input switch
    {
        ColumnKind.Vector => "Concatenate or Conversion.ConvertType",
        ColumnKind.Tokens => "Text.TokenizeBytePairs or Text.TokenizeWordPieces",
        ColumnKind.Image => "LoadImages",
        _ => "Conversion.ConvertType",
    };

    /// <summary>The column, when a tower can read it.</summary>
    /// <param name="shape">The input's shape.</param>
    /// <param name="column">The column's name.</param>
    /// <param name="role">What it is to the trainer, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or of another type.</exception>
    public static SchemaShape.Column Require(SchemaShape shape, string column, string role) => shape.Require(
        column, role, "a vector of Single of known length, images, tokens or text", "Concatenate, ResizeImages, Text.TokenizeBytePairs or Text.TokenizeWordPieces", c => !c.IsKey && Input(c.ItemType) switch
        {
            ColumnKind.Vector => c.Kind != VectorKind.VariableVector,
            ColumnKind.Tokens => c.Kind != VectorKind.Scalar,
            null => false,
            _ => c.Kind == VectorKind.Scalar,
        });

    /// <exception cref="ArgumentException">The column is missing or of another type than the kind reads, or an option does not fit it.</exception>
    public static TowerShape Shape(TowerRole role, string column, TowerOptions options, DataViewSchema schema)
    {
        DataViewType type = schema[column].Type;
        ColumnKind input = Input(type is VectorDataViewType vector ? vector.ItemType : type)!.Value;
        TowerKind kind = Kind(role, column, options.Encoder is null ? options.Kind : TowerKind.Encoder, input);
        BoundColumn bound = (input switch
        {
            ColumnKind.Vector => BatchColumn.Vector(column),
            ColumnKind.Tokens => BatchColumn.Tokens(column),
            ColumnKind.Image => BatchColumn.Image(column),
            _ => BatchColumn.Text(column),
        }).Bind(schema);
        if (kind == TowerKind.Identity && bound.Width != role.EmbeddingSize)
            throw new ArgumentException(
                $"{role.Name} passes column '{column}' of {bound.Width} slots on as it is, but EmbeddingSize is {role.EmbeddingSize}: set EmbeddingSize to {bound.Width}, or {role.Name}.Kind to {TowerKind.Linear}.");
        (int width, int depth) = OwnSizes(kind);
        TokenColumnInfo? tokens = input == ColumnKind.Tokens ? Tokenizer(role, column, schema) : null;
        EncoderState? encoder = options.Encoder?.Model.State;
        if (encoder is not null)
            RequireFit(encoder, role, schema[column], tokens!);
        return Checked(role, new TowerShape(
            column,
            role.OutputColumn,
            input,
            kind,
            role.EmbeddingSize,
            input == ColumnKind.Vector ? bound.Width : 1,
            IsSparse: false,
            bound.ImageHeight,
            bound.ImageWidth,
            tokens,
            options.Width > 0 ? options.Width : width,
            options.Depth > 0 ? options.Depth : depth,
            options.Heads,
            options.PatchSize,
            encoder?.Network.ContextLength ?? options.MaxTokens,
            options.HashBits,
            options.Dropout,
            options.FlipImages,
            options.ShiftPixels,
            options.Network is null ? null : ComponentDescription.Of(options.Network),
            role.ScoringBlockSize,
            role.UnusableRows,
            encoder?.Network.WithDropout(options.Dropout),
            encoder?.Pooling ?? EncoderPooling.Mean));
    }

    private static void RequireFit(EncoderState encoder, TowerRole role, DataViewSchema.Column column, TokenColumnInfo tokens)
    {
        if (encoder.Tokens is { } own)
            TokenAnnotations.RequireSame(column, own.Fingerprint);
        if (tokens.VocabularySize > encoder.Network.VocabularySize)
            throw new ArgumentException(
                $"Column '{column.Name}' has a vocabulary of {tokens.VocabularySize} tokens, but {role.Name}.Encoder knows {encoder.Network.VocabularySize}: use the tokenizer that it was trained with.");
    }

    /// <summary>Before the data are read, which may take long.</summary>
    private static TowerShape Checked(TowerRole role, TowerShape shape)
    {
        try
        {
            TowerFactory.Check(shape);
            return shape;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{role.Name} cannot be built as its options say: {e.Message}", e);
        }
    }

    private static TowerKind Kind(TowerRole role, string column, TowerKind asked, ColumnKind input)
    {
        TowerKind[] fitting = s_kinds[input];
        if (asked == TowerKind.Auto)
            return input == ColumnKind.Vector ? role.VectorKind : fitting[0];
        return fitting.Contains(asked)
            ? asked
            : throw new ArgumentException(
                $"{role.Name}.Kind is {asked}, which cannot read column '{column}' ({input.ToString().ToLowerInvariant()}): use {string.Join(", ", fitting)} or {TowerKind.Auto}.");
    }

    private static (int Width, int Depth) OwnSizes(TowerKind kind) => kind switch
    {
        TowerKind.ResNet => (32, 1),
        TowerKind.VisionTransformer => (128, 4),
        TowerKind.TextTransformer => (128, 2),
        TowerKind.HashingBag => (128, 1),
        _ => (256, 1),
    };

    private static TokenColumnInfo Tokenizer(TowerRole role, string column, DataViewSchema schema)
    {
        TokenColumnInfo tokens = TokenAnnotations.Of(schema[column]) ?? throw new ArgumentException(
            $"The {role.Name} column '{column}' does not say which tokenizer made it: make it with mlContext.Transforms.Text.TokenizeBytePairs or Text.TokenizeWordPieces.");
        return tokens.IsConsistent()
            ? tokens
            : throw new ArgumentException(
                $"The {role.Name} column '{column}' describes its tokenizer wrongly: the fingerprint must be TokenColumnInfo.FingerprintOf its JSON, and special ids must lie in its vocabulary of {tokens.VocabularySize} tokens.");
    }
}
