using Microsoft.ML;

namespace MLNetExt.Benchmarks;

/// <summary>openclipart: 1,712 pictures of 64 x 64 pixels with captions to learn from, 213 to validate, 213 to test.</summary>
/// <param name="Train">The training part: Image, Caption, and Label, the category; each picture with its caption, and once more with each of its keywords alone.</param>
/// <param name="Validation">The validation part.</param>
/// <param name="Test">The test part.</param>
/// <param name="Categories">The categories, in the order of the label's key values.</param>
/// <param name="MajorityAccuracy">The accuracy of always answering the test part's largest category, in per cent.</param>
/// <param name="ChanceOfRecallAt10">The test part's recall@10 when pairs are guessed, in per cent.</param>
internal sealed record ClipartData(IDataView Train, IDataView Validation, IDataView Test, string[] Categories, double MajorityAccuracy, double ChanceOfRecallAt10)
{
    private const int Side = 64;

    public static ClipartData Read(MLContext context)
    {
        string folder = Repository.Sample("openclipart");
        IReadOnlyList<Clipart> rows = Clipart.Read(Path.Combine(folder, "captions.tsv"));
        string[] categories = [.. rows.Select(row => row.Category).Distinct().Order(StringComparer.Ordinal)];
        var images = context.Transforms.LoadImages("Image", folder, nameof(Clipart.File))
            .Append(context.Transforms.ResizeImages("Image", Side, Side))
            .Append(ClassName.MapToKey(context, categories, nameof(Clipart.Category)));
        IEnumerable<Clipart> Part(string split) => rows.Where(row => row.Split == split);
        IDataView View(IEnumerable<Clipart> part)
        {
            IDataView view = context.Data.LoadFromEnumerable(part);
            return images.Fit(view).Transform(view);
        }

        string[] test = [.. Part("test").Select(row => row.Category)];
        double largest = test.GroupBy(category => category).Max(group => group.Count());
        return new ClipartData(View(Part("train").SelectMany(row => row.WithKeywords())), View(Part("valid")), View(Part("test")), categories, 100 * largest / test.Length, 100 * 10.0 / test.Length);
    }
}
