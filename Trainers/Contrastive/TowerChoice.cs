using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExt.Columns;
using MLNetExt.Components;

namespace MLNetExt.Contrastive;

/// <summary>Chooses a tower from the options and the type of its column.</summary>
internal static class TowerChoice
{
    private static readonly Dictionary<ColumnKind, TowerKind[]> s_kinds = new()
    {
        // The first is that of TowerKind.Auto.
        [ColumnKind.Vector] = [TowerKind.Mlp, TowerKind.Linear, TowerKind.Identity, TowerKind.Custom],
        [ColumnKind.Image] = [TowerKind.ResNet, TowerKind.VisionTransformer, TowerKind.Custom],
        [ColumnKind.Tokens] = [TowerKind.TextTransformer, TowerKind.Custom],
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
        ColumnKind.Tokens => "Text.TokenizeBytePairs",
        ColumnKind.Image => "LoadImages",
        _ => "Conversion.ConvertType",
    };

    /// <exception cref="ArgumentException">The column is missing or of another type than the kind reads, or an option does not fit it.</exception>
    public static TowerShape Shape(string side, string column, TowerOptions options, SigmoidContrastiveOptions all, DataViewSchema schema)
    {
        DataViewType type = schema[column].Type;
        ColumnKind input = Input(type is VectorDataViewType vector ? vector.ItemType : type)!.Value;
        TowerKind kind = Kind(side, column, options.Kind, input);
        BoundColumn bound = (input switch
        {
            ColumnKind.Vector => BatchColumn.Vector(column),
            ColumnKind.Tokens => BatchColumn.Tokens(column),
            ColumnKind.Image => BatchColumn.Image(column),
            _ => BatchColumn.Text(column),
        }).Bind(schema);
        if (kind == TowerKind.Identity && bound.Width != all.EmbeddingSize)
            throw new ArgumentException(
                $"{side} passes column '{column}' of {bound.Width} slots on as it is, but EmbeddingSize is {all.EmbeddingSize}: set EmbeddingSize to {bound.Width}, or {side}.Kind to {TowerKind.Linear}.");
        (int width, int depth) = OwnSizes(kind);
        return new TowerShape(
            column,
            TrainingSide.OutputColumn(side),
            input,
            kind,
            all.EmbeddingSize,
            input == ColumnKind.Vector ? bound.Width : 1,
            IsSparse: false,
            bound.ImageHeight,
            bound.ImageWidth,
            input == ColumnKind.Tokens ? Tokenizer(side, column, schema) : null,
            options.Width > 0 ? options.Width : width,
            options.Depth > 0 ? options.Depth : depth,
            options.Heads,
            options.PatchSize,
            options.MaxTokens,
            options.HashBits,
            options.Dropout,
            options.FlipImages,
            options.ShiftPixels,
            options.Network is null ? null : ComponentDescription.Of(options.Network),
            all.ScoringBlockSize,
            all.UnusableRows);
    }

    private static TowerKind Kind(string side, string column, TowerKind asked, ColumnKind input)
    {
        TowerKind[] fitting = s_kinds[input];
        if (asked == TowerKind.Auto)
            return fitting[0];
        return fitting.Contains(asked)
            ? asked
            : throw new ArgumentException(
                $"{side}.Kind is {asked}, which cannot read column '{column}' ({input.ToString().ToLowerInvariant()}): use {string.Join(", ", fitting)} or {TowerKind.Auto}.");
    }

    private static (int Width, int Depth) OwnSizes(TowerKind kind) => kind switch
    {
        TowerKind.ResNet => (32, 1),
        TowerKind.VisionTransformer => (128, 4),
        TowerKind.TextTransformer => (128, 2),
        TowerKind.HashingBag => (128, 1),
        _ => (256, 1),
    };

    private static TokenColumnInfo Tokenizer(string side, string column, DataViewSchema schema)
    {
        TokenColumnInfo tokens = TokenAnnotations.Of(schema[column]) ?? throw new ArgumentException(
            $"The {side} column '{column}' does not say which tokenizer made it: make it with mlContext.Transforms.Text.TokenizeBytePairs.");
        return tokens.IsConsistent()
            ? tokens
            : throw new ArgumentException(
                $"The {side} column '{column}' describes its tokenizer wrongly: the fingerprint must be TokenColumnInfo.FingerprintOf its JSON, and special ids must lie in its vocabulary of {tokens.VocabularySize} tokens.");
    }
}
