using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetExt.Columns;

/// <summary>A column to read into batches: its name, and what to make of it.</summary>
/// <param name="Name">The column's name in the data.</param>
/// <param name="Kind">What it becomes.</param>
/// <param name="Layout">How a vector is held; other kinds ignore it.</param>
public sealed record BatchColumn(string Name, ColumnKind Kind, VectorLayout Layout = VectorLayout.Auto)
{
    /// <summary>A fixed-length vector of Single, or of Boolean: 0 and 1. A scalar Single counts as a vector of length 1.</summary>
    public static BatchColumn Vector(string name, VectorLayout layout = VectorLayout.Auto) => new(name, ColumnKind.Vector, layout);

    /// <summary>A number, such as a weight or a regression label: Single, or any numeric or Boolean type, converted.</summary>
    public static BatchColumn Scalar(string name) => new(name, ColumnKind.Scalar);

    /// <summary>A key, such as a class label.</summary>
    public static BatchColumn Key(string name) => new(name, ColumnKind.Key);

    /// <summary>Text.</summary>
    public static BatchColumn Text(string name) => new(name, ColumnKind.Text);

    /// <summary>Token ids: vectors of Int32, of any length. What is longer than <paramref name="maxLength"/> is cut at its end.</summary>
    public static BatchColumn Tokens(string name, int maxLength = int.MaxValue) => new(name, ColumnKind.Tokens) { MaxLength = maxLength };

    /// <summary>A number for each token, such as a loss mask: vectors of Single, of any length. What is longer than <paramref name="maxLength"/> is cut at its end.</summary>
    public static BatchColumn TokenWeights(string name, int maxLength = int.MaxValue) => new(name, ColumnKind.TokenWeights) { MaxLength = maxLength };

    /// <summary>Images (<c>MLImage</c>) of one size, as ML.NET's <c>ResizeImages</c> makes them.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="unreadableIsMissing">Whether an image that cannot be loaded counts as missing; otherwise it is an error that names the row.</param>
    public static BatchColumn Image(string name, bool unreadableIsMissing = false) => new(name, ColumnKind.Image) { UnreadableIsMissing = unreadableIsMissing };

    /// <summary>The most tokens of a row, or their weights, that are read; other kinds ignore it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 1.</exception>
    public int MaxLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = int.MaxValue;

    /// <summary>Whether an image that cannot be loaded counts as missing; other kinds ignore it.</summary>
    public bool UnreadableIsMissing { get; init; }

    /// <summary>Finds the column in a schema and checks its type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The schema has no such column, or its type does not fit <see cref="Kind"/>.</exception>
    public BoundColumn Bind(DataViewSchema schema)
    {
        DataViewSchema.Column source = schema.GetColumnOrNull(Name) ?? throw Missing(schema);
        DataViewType type = source.Type;
        if (Remedy(type) is { } remedy)
            throw new ArgumentOutOfRangeException(nameof(schema), $"Column '{Name}' must be {Expected} but is {type}: {remedy}.");
        int width = Kind == ColumnKind.Vector && type is VectorDataViewType vector ? vector.Size : 1;
        return new BoundColumn(this, source, width, (long)((type as KeyDataViewType)?.Count ?? 0));
    }

    private string Expected => Kind switch
    {
        ColumnKind.Vector => "a vector of Single of known length",
        ColumnKind.Scalar => "a number or a Boolean",
        ColumnKind.Key => "a key",
        ColumnKind.Image => "images of one known size",
        ColumnKind.Tokens => "a vector of Int32",
        ColumnKind.TokenWeights => "a vector of Single",
        _ => "text",
    };

    /// <summary>How to mend a column of the wrong type; null when the type is right.</summary>
    private string? Remedy(DataViewType type) => Kind switch
    {
        ColumnKind.Vector when type is VectorDataViewType { ItemType: var item, IsKnownSize: var isKnown } && (item == NumberDataViewType.Single || item == BooleanDataViewType.Instance) =>
            isKnown ? null : "its vectors vary in length; make them one length, for example with a featurizer",
        ColumnKind.Vector => type == NumberDataViewType.Single ? null : "convert it with Conversion.ConvertType to Single, or join numbers with Concatenate",
        ColumnKind.Scalar => NumberReader.CanRead(type) ? null : "convert it with Conversion.ConvertType to Single",
        ColumnKind.Key => type is KeyDataViewType ? null : "convert it with Conversion.MapValueToKey",
        ColumnKind.Image => type switch
        {
            ImageDataViewType { Height: > 0, Width: > 0 } => null,
            ImageDataViewType => "make its images one size with ResizeImages",
            _ => "load images from their paths with LoadImages, then make them one size with ResizeImages",
        },
        ColumnKind.Tokens => TokensRemedy(type),
        ColumnKind.TokenWeights => type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single ? null : "it has a number for each token; make it with Text.GoldfishMask, of MLNetExt.Transforms, or convert it with Conversion.ConvertType to Single",
        _ => type is TextDataViewType ? null : "convert it with Conversion.ConvertType to String",
    };

    private static string? TokensRemedy(DataViewType type) => type switch
    {
        VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Int32 => null,
        TextDataViewType => "make tokens of it with Text.TokenizeBytePairs or Text.TokenizeWordPieces, of MLNetExt.Transforms",
        _ => "token ids are counted from 0; convert vectors of other numbers with Conversion.ConvertType to Int32",
    };

    private ArgumentOutOfRangeException Missing(DataViewSchema schema)
    {
        string[] near = [.. schema.Where(c => !c.IsHidden).Select(c => c.Name)
            .OrderBy(name => EditDistance(name.ToUpperInvariant(), Name.ToUpperInvariant())).Take(5)];
        string columns = near.Length == 0 ? "it has none" : $"the nearest are {string.Join(", ", near.Select(n => $"'{n}'"))}";
        return new ArgumentOutOfRangeException(nameof(schema), $"The data has no column '{Name}' ({columns}).");
    }

    /// <summary>The fewest insertions, deletions and substitutions that turn one string into the other (Levenshtein, 1966).</summary>
    private static int EditDistance(string a, string b)
    {
        int[] distance = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = distance[0]++;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = distance[j];
                distance[j] = Math.Min(substituted, 1 + Math.Min(diagonal, distance[j - 1]));
            }
        }
        return distance[b.Length];
    }
}
