using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>Pairs to train on, and what their columns mean.</summary>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Sources">The columns that a model of these pairs reads, as a loader loads them.</param>
/// <param name="Rows">Training rows in the file, validation rows and those of <c>--test-fraction</c> included.</param>
/// <param name="Parts">The rows, with both sides' columns; image files with their whole path.</param>
internal sealed record PairData(
    PairSide Left, PairSide Right, IReadOnlyList<(string Name, string Source, DataKind Kind)> Sources, long Rows, TrainingParts Parts)
{

    /// <summary>Reads the file once to see what it holds, and opens its parts.</summary>
    /// <exception cref="UserErrorException">The file or the request cannot be used; says why.</exception>
    public static PairData Open(MLContext ml, PairDataRequest request, int seed, CancellationToken cancellation)
    {
        TableFile file = TableFile.Open(request.Path);
        TrainingTable table = TrainingTable.Read(file, request.Test, cancellation);
        var left = PairSide.Of("left", request.Left, table, request.ImageFolder);
        var right = PairSide.Of("right", request.Right, table, request.ImageFolder);
        (string Name, string Source, DataKind Kind)[] sources = [.. left.Sources.Union(right.Sources)];
        if (sources.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1)?.Key is { } both)
            throw new UserErrorException($"The column '{both}' is read as a number on one side and as text on the other: give it once more under another name.");

        IDataView WithPaths(IDataView rows) => new[] { left, right }
            .Where(side => side.Kind == SideKind.Image)
            .Select(side => side.Plan.Features[0].Name)
            .Distinct()
            .Aggregate(rows, (view, column) => ImagePaths.Complete(ml, view, column, request.ImageFolder));
        TrainingParts parts = table.Open(ml, sources, validates: true, seed);
        var complete = new TrainingParts(
            WithPaths(parts.Train),
            parts.Validation is { } validation ? WithPaths(validation) : null,
            parts.Test is { } test ? WithPaths(test) : null);
        return new PairData(left, right, sources, table.Profile.Rows, complete);
    }
}
