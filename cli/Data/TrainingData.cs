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
        DelimitedFile file = DelimitedFile.Open(request.Path);
        int label = file.IndexOf(request.Label, "--label");
        int? split = request.SplitColumn is { } name ? file.IndexOf(name, "--split-column") : null;
        foreach (string column in request.Ignored)
            file.IndexOf(column, "--ignore");
        foreach (string column in request.Roles.Keys)
            file.IndexOf(column, "--text, --category or --numeric");

        long testRows = 0;
        TableProfile profile = TableProfile.Read(
            file,
            fields =>
            {
                bool isTest = split is { } s && SplitColumn.IsTest(fields[s]);
                testRows += isTest ? 1 : 0;
                return !isTest;
            },
            cancellation);
        RequireClasses(request, profile, profile.Columns[label]);
        if (split is { } index && testRows == 0)
            throw new UserErrorException(
                $"--split-column {request.SplitColumn}: no row says 'test'; it holds {string.Join(", ", profile.Columns[index].Distinct.Take(5).Select(v => $"'{v}'"))}.");

        HashSet<string> excluded = [request.Label, .. request.Ignored];
        if (request.SplitColumn is { } splitColumn)
            excluded.Add(splitColumn);
        ColumnPlan plan = ColumnPlan.Infer(file, profile, excluded, request.Roles);
        return Open(ml, request, file, plan, profile.Rows, seed);
    }

    private static TrainingData Open(MLContext ml, TrainingDataRequest request, DelimitedFile file, ColumnPlan plan, long rows, int seed)
    {
        (string Name, string Source, DataKind Kind)[] columns =
        [
            .. plan.Features.Select(c => (c.Name, c.Name, c.Role == ColumnRole.Number ? DataKind.Single : DataKind.String)),
            (request.Label, request.Label, DataKind.String),
        ];
        if (request.SplitColumn is { } split)
        {
            IDataView all = ml.Load(file, [.. columns, (SplitColumn.Name, split, DataKind.String)]);
            return new TrainingData(plan, rows, SplitColumn.Part(ml, all, test: false), SplitColumn.Part(ml, all, test: true));
        }

        IDataView data = ml.Load(file, columns);
        if (request.TestFraction > 0)
        {
            DataOperationsCatalog.TrainTestData parts = ml.Data.TrainTestSplit(data, request.TestFraction, seed: seed);
            return new TrainingData(plan, rows, parts.TrainSet, parts.TestSet);
        }

        return new TrainingData(plan, rows, data, request.TestPath is { } test ? ml.Load(DelimitedFile.Open(test), columns) : null);
    }

    private static void RequireClasses(TrainingDataRequest request, TableProfile profile, ColumnProfile label)
    {
        if (profile.Rows == 0)
            throw new UserErrorException($"'{request.Path}' has no training rows.");
        if (label.Distinct.Count < 2)
            throw new UserErrorException(label.Distinct.Count == 0
                ? $"--label {request.Label}: no training row has a label."
                : $"--label {request.Label}: all training rows have the class '{label.Distinct.First()}'; a classifier needs at least two classes.");
    }
}
