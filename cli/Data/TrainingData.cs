using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>The rows to train on, those to test on, and what their columns mean.</summary>
/// <param name="Plan">The columns.</param>
/// <param name="Rows">Training rows in the file, those of <c>--test-fraction</c> included.</param>
/// <param name="Train">The training part: the features' columns as they are, and the label as text.</param>
/// <param name="Test">The test part, with the same columns; null when there is none.</param>
internal sealed record TrainingData(ColumnPlan Plan, long Rows, IDataView Train, IDataView? Test)
{
    /// <summary>Reads the file once to see what it holds, and opens its parts.</summary>
    /// <exception cref="UserErrorException">The file or the request cannot be used; says why.</exception>
    public static TrainingData Open(MLContext ml, TrainingDataRequest request, int seed, CancellationToken cancellation)
    {
        TableFile file = TableFile.Open(request.Path);
        int label = file.IndexOf(request.Label, "--label");
        foreach (string column in request.Ignored)
            file.IndexOf(column, "--ignore");
        foreach (string column in request.Roles.Keys)
            file.IndexOf(column, "--text, --category or --numeric");

        TrainingTable table = TrainingTable.Read(file, request.Test, cancellation);
        RequireClasses(request.Label, table.Profile.Columns[label]);
        HashSet<string> excluded = [request.Label, .. request.Ignored];
        if (request.Test.SplitColumn is { } split)
            excluded.Add(split);
        ColumnPlan plan = ColumnPlan.Infer(file, table.Profile, excluded, request.Roles);
        TrainingParts parts = table.Open(ml, [.. plan.Sources, (request.Label, request.Label, DataKind.String)], validates: false, seed);
        return new TrainingData(plan, table.Profile.Rows, parts.Train, parts.Test);
    }

    private static void RequireClasses(string column, ColumnProfile label)
    {
        if (label.Distinct.Count < 2)
            throw new UserErrorException(label.Distinct.Count == 0
                ? $"--label {column}: no training row has a label."
                : $"--label {column}: all training rows have the class '{label.Distinct.First()}'; a classifier needs at least two classes.");
    }
}
