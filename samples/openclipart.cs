#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// Pictures that are found by words: dotnet run samples/openclipart.cs [sheet.png] [epochs]
// Trains an image tower and a text tower on pictures and their captions, measures them on pictures that they have not seen, and draws
// a contact sheet: eight captions, and for each the five pictures that the model holds nearest.

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetExt.Contrastive;
using MLNetExt.Training;
using SkiaSharp;

string sheet = args.ElementAtOrDefault(0) ?? "openclipart.png";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "40", CultureInfo.InvariantCulture);
string folder = Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "samples", "data", "openclipart");
string[] queries = ["00094", "00112", "00091", "00054", "00143", "00131", "00192", "00102"];

Clipart[] all = Clipart.Read(Path.Combine(folder, "captions.tsv"));
string[] categories = [.. all.Select(c => c.Category).Distinct().Order(StringComparer.Ordinal)];

var ml = new MLContext(seed: 1);
// Each picture is learned with its caption and once more with each of its keywords alone: so single words mean something too, and
// those are what categories are told by.
IDataView train = View(Part("train").SelectMany(c => c.WithKeywords())), test = View(Part("test"));
var prepare = ml.Transforms.LoadImages("Image", folder, "File")
    .Append(ml.Transforms.ResizeImages("Image", 64, 64))
    .Append(ml.Transforms.Conversion.MapValueToKey("Label", "Category", keyData: ml.Data.LoadFromEnumerable(categories.Select(c => new Category { Name = c }))))
    .Fit(train);

var options = new SigmoidContrastiveOptions
{
    LeftColumnName = "Image",
    // Plain text goes through a bag of hashed words, which suits so few captions; TokenizeBytePairs before it would make it a transformer.
    RightColumnName = "Caption",
    Left = { Width = 16, FlipImages = true, ShiftPixels = 4 },
    BatchSize = 64,
    Training = { Epochs = epochs, LearningRate = 2e-3, Progress = new Progress<TrainingProgress>(Show) },
};
using ContrastiveTransformer model = ml.Contrastive.Trainers.Sigmoid(options).Fit(prepare.Transform(train));

IDataView prepared = prepare.Transform(test), embedded = ml.Data.Cache(model.Transform(prepared), "File", "Caption", "LeftEmbedding", "RightEmbedding");
var retrieval = ml.Contrastive.EvaluateRetrieval(embedded);
Console.WriteLine(
    $"test recall@1 {retrieval.RecallAt[1]:P1}, @5 {retrieval.RecallAt[5]:P1}, @10 {retrieval.RecallAt[10]:P1}, "
    + $"median rank {retrieval.MedianRank} of {retrieval.LeftToRight.Candidates} (by chance {10.0 / retrieval.LeftToRight.Candidates:P1} @10)");

// A prompt says a category as a keyword would, in the singular.
IDataView prompts = ml.Data.LoadFromEnumerable(categories.Select(c => new Prompt { Label = c, Caption = c == "signs and symbols" ? "sign, symbol" : c.EndsWith('s') && !c.EndsWith("ics") ? c[..^1] : c }));
using ZeroShotTransformer classifier = ml.Contrastive.ZeroShotClassifier(model, prompts).Fit(prepared);
MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(classifier.Transform(prepared));
double largest = all.Where(c => c.Split == "test").CountBy(c => c.Category).Max(c => c.Value) / (double)retrieval.LeftToRight.Candidates;
Console.WriteLine($"zero-shot category accuracy {metrics.MicroAccuracy:P1} (the largest category makes {largest:P1})");

// Every picture of the test part, from the nearest to the farthest, for the caption of each.
var search = ml.Transforms
    .NearestNeighbors("NeighborIds", "NeighborScores", "RightEmbedding", embedded, "File", "LeftEmbedding", retrieval.LeftToRight.Candidates).Fit(embedded);
Ranking[] rankings = [.. ml.Data.CreateEnumerable<Ranking>(search.Transform(embedded), reuseRowObject: false)];
ContactSheet.Save(sheet, folder, all, [.. queries.Select(q => rankings.Single(r => r.File == $"images/{q}.png"))]);
Console.WriteLine($"saved {sheet}");

IEnumerable<Clipart> Part(string split) => all.Where(c => c.Split == split);

IDataView View(IEnumerable<Clipart> part) => ml.Data.LoadFromEnumerable(part);

static void Show(TrainingProgress p)
{
    if (p.IsEpochEnd)
        Console.WriteLine($"epoch {p.Epoch}/{p.Epochs}  loss {p.Loss:F4}  {p.Remaining:mm\\:ss} left");
}

internal sealed record Clipart
{
    public string File { get; set; } = "";

    public string Split { get; set; } = "";

    public string Category { get; set; } = "";

    public string Title { get; set; } = "";

    public string[] Keywords { get; set; } = [];

    public string Caption { get; set; } = "";

    public IEnumerable<Clipart> WithKeywords() => Keywords.Select(keyword => this with { Caption = keyword }).Prepend(this);

    /// <summary>Reads the columns file, split, category, subcategory, title and keywords; the caption is title and keywords.</summary>
    public static Clipart[] Read(string path) => [.. System.IO.File.ReadLines(path).Skip(1).Select(line => Parse(line.Split('\t')))];

    private static Clipart Parse(string[] cells)
    {
        string[] keywords = cells[5].Split(';', StringSplitOptions.RemoveEmptyEntries);
        return new Clipart
        {
            File = cells[0],
            Split = cells[1],
            Category = cells[2].Replace('_', ' '),
            Title = cells[4],
            Keywords = keywords,
            Caption = string.Join(", ", keywords.Prepend(cells[4])),
        };
    }
}

internal sealed class Category
{
    public string Name { get; set; } = "";
}

internal sealed class Prompt
{
    public string Label { get; set; } = "";

    public string Caption { get; set; } = "";
}

internal sealed class Ranking
{
    public string File { get; set; } = "";

    public string Caption { get; set; } = "";

    public string[] NeighborIds { get; set; } = [];

    public float[] NeighborScores { get; set; } = [];
}

/// <summary>A row a query: its words on the left, and the pictures found with their titles and scores. Its own picture has a green frame.</summary>
internal static class ContactSheet
{
    private const int Found = 5, Margin = 28, TextWidth = 300, Picture = 128, CellWidth = 164, RowHeight = 204, HeaderHeight = 84;
    private static readonly SKColor s_ink = new(0x1f, 0x23, 0x28), s_gray = new(0x6a, 0x73, 0x7d), s_line = new(0xd8, 0xde, 0xe4), s_green = new(0x1a, 0x7f, 0x37);

    public static void Save(string path, string folder, Clipart[] pictures, Ranking[] rankings)
    {
        Dictionary<string, string> titles = pictures.ToDictionary(p => p.File, p => p.Title);
        using var bitmap = new SKBitmap(2 * Margin + TextWidth + Found * CellWidth, HeaderHeight + rankings.Length * RowHeight + Margin / 2);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        Text(canvas, "The five nearest pictures to a caption", Margin, 42, 24, s_ink, bold: true);
        Text(canvas, $"of {rankings[0].NeighborIds.Length} that the model has not seen; the number is the cosine; the green frame is the caption's own picture", Margin, 66, 14, s_gray);
        for (int row = 0; row < rankings.Length; row++)
            Row(canvas, HeaderHeight + row * RowHeight, folder, rankings[row], titles);

        using var image = SKImage.FromBitmap(bitmap);
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        using FileStream file = File.Create(path);
        png.SaveTo(file);
    }

    private static void Row(SKCanvas canvas, int top, string folder, Ranking ranking, Dictionary<string, string> titles)
    {
        using var line = new SKPaint { Color = s_line };
        canvas.DrawLine(Margin, top, canvas.DeviceClipBounds.Width - Margin, top, line);

        int y = top + 40;
        foreach (string part in Wrapped(ranking.Caption, 18, TextWidth - 28).Take(5))
        {
            Text(canvas, part, Margin, y, 18, s_ink, bold: true);
            y += 24;
        }

        int rank = Array.IndexOf(ranking.NeighborIds, ranking.File) + 1;
        Text(canvas, $"its own picture: number {rank} of {ranking.NeighborIds.Length}", Margin, y + 6, 14, rank <= Found ? s_green : s_gray);
        for (int i = 0; i < Found; i++)
            Cell(canvas, Margin + TextWidth + i * CellWidth, top + 16, folder, ranking.NeighborIds[i], titles, ranking.NeighborScores[i], ranking.NeighborIds[i] == ranking.File);
    }

    private static void Cell(SKCanvas canvas, int left, int top, string folder, string file, Dictionary<string, string> titles, float score, bool isOwn)
    {
        using var picture = SKBitmap.Decode(Path.Combine(folder, file));
        using var smooth = new SKPaint { FilterQuality = SKFilterQuality.High, IsAntialias = true };
        var place = SKRect.Create(left, top, Picture, Picture);
        canvas.DrawBitmap(picture, place, smooth);
        using var frame = new SKPaint { Color = isOwn ? s_green : s_line, IsStroke = true, StrokeWidth = isOwn ? 5 : 1, IsAntialias = true };
        canvas.DrawRect(SKRect.Inflate(place, isOwn ? 4 : 1, isOwn ? 4 : 1), frame);
        Text(canvas, score.ToString("F2", CultureInfo.InvariantCulture), left, top + Picture + 24, 14, isOwn ? s_green : s_ink, bold: true);
        Text(canvas, Shortened(titles[file], 13, CellWidth - 12), left, top + Picture + 43, 13, s_gray);
    }

    private static void Text(SKCanvas canvas, string text, float x, float y, float size, SKColor color, bool bold = false)
    {
        using SKPaint paint = Font(size, bold);
        paint.Color = color;
        canvas.DrawText(text, x, y, paint);
    }

    private static IEnumerable<string> Wrapped(string text, float size, float width)
    {
        using SKPaint paint = Font(size, bold: true);
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && paint.MeasureText(longer) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        yield return line;
    }

    private static string Shortened(string text, float size, float width)
    {
        using SKPaint paint = Font(size, bold: false);
        if (paint.MeasureText(text) <= width)
            return text;
        int letters = (int)paint.BreakText(text, width - paint.MeasureText("…"));
        return $"{text[..letters].TrimEnd()}…";
    }

    private static SKPaint Font(float size, bool bold) => new()
    {
        IsAntialias = true,
        TextSize = size,
        Typeface = SKTypeface.FromFamilyName("DejaVu Sans", bold ? SKFontStyle.Bold : SKFontStyle.Normal),
    };
}
