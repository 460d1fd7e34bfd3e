using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Cli.Data;

/// <summary>A training file that was read once to see what it holds.</summary>
/// <param name="File">The file.</param>
/// <param name="Test">The rows that are kept from training.</param>
/// <param name="Profile">What the other rows hold.</param>
/// <param name="TestRows">The rows of the file that <c>--split-column</c> calls "test".</param>
/// <param name="ValidationRows">The rows that it calls "valid"; they are part of the profile.</param>
internal sealed record TrainingTable(TableFile File, TestPart Test, TableProfile Profile, long TestRows, long ValidationRows)
{
    /// <summary>What is said when nothing can be measured.</summary>
    public const string NoTestPart = "No test part was given: use --split-column, --test or --test-fraction to measure the model.";

    /// <summary>Reads the file.</summary>
    /// <exception cref="UserErrorException">The split column is missing or names no test rows, there are no other rows, or a row cannot be read.</exception>
    public static TrainingTable Read(TableFile file, TestPart test, CancellationToken cancellation)
    {
        int? split = test.SplitColumn is { } name ? file.IndexOf(name, "--split-column") : null;
        long testRows = 0, validationRows = 0;
        TableProfile profile = TableProfile.Read(
            file,
            fields =>
            {
                bool isTest = split is { } s && SplitColumn.IsTest(fields[s]);
                testRows += isTest ? 1 : 0;
                validationRows += split is { } v && SplitColumn.IsValidation(fields[v]) ? 1 : 0;
                return !isTest;
            },
            cancellation);
        if (profile.Rows == 0)
            throw new UserErrorException($"'{file.Path}' has no training rows.");
        if (split is { } index && testRows == 0)
            throw new UserErrorException(
                $"--split-column {test.SplitColumn}: no row says 'test'; it holds {string.Join(", ", profile.Columns[index].Distinct.Take(5).Select(v => $"'{v}'"))}.");
        return new TrainingTable(file, test, profile, testRows, validationRows);
    }

    /// <summary>Opens the parts; rows are read when they are needed.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="columns">The columns to load: the name in the view, the name in the file, the kind.</param>
    /// <param name="validates">Whether validation rows are a part of their own.</param>
    /// <param name="seed">Decides the random test part.</param>
    public TrainingParts Open(MLContext ml, IReadOnlyList<(string Name, string Source, DataKind Kind)> columns, bool validates, int seed)
    {
        if (Test.SplitColumn is { } split)
        {
            bool hasValidation = validates && ValidationRows > 0;
            IDataView all = ml.Load(File, [.. columns, (SplitColumn.Name, split, DataKind.String)]);
            IDataView Part(Func<string?, bool> belongs) => SplitColumn.Part(ml, all, belongs);
            return new TrainingParts(
                Part(value => !SplitColumn.IsTest(value) && !(hasValidation && SplitColumn.IsValidation(value))),
                hasValidation ? Part(SplitColumn.IsValidation) : null,
                Part(SplitColumn.IsTest));
        }

        IDataView data = ml.Load(File, columns);
        if (Test.Fraction > 0)
        {
            DataOperationsCatalog.TrainTestData parts = ml.Data.TrainTestSplit(data, Test.Fraction, seed: seed);
            return new TrainingParts(parts.TrainSet, null, parts.TestSet);
        }

        return new TrainingParts(data, null, Test.Path is { } test ? ml.Load(TableFile.Open(test), columns) : null);
    }
}
