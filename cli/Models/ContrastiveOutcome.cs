using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;
using Spectre.Console;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train contrastive</c> reports.</summary>
/// <param name="Model">The model file.</param>
/// <param name="Left">The columns of the left side.</param>
/// <param name="Right">The columns of the right side.</param>
/// <param name="Towers">What was trained.</param>
/// <param name="TrainingRows">The rows that were trained on, validation rows included.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Duration">From reading to the saved model.</param>
/// <param name="Test">How well the pairs of the test part find each other; null when there is none.</param>
internal sealed record ContrastiveOutcome(
    string Model, PairSide Left, PairSide Right, TowersSummary Towers, long TrainingRows, int Epochs, TimeSpan Duration, RetrievalMetrics? Test)
    : ITrainingOutcome
{
    public object ToJson() => new
    {
        RecallAt1 = Test?.RecallAt[1],
        RecallAt5 = Test?.RecallAt[5],
        RecallAt10 = Test?.RecallAt[10],
        Test?.MedianRank,
        LeftToRight = Direction(Test?.LeftToRight),
        RightToLeft = Direction(Test?.RightToLeft),
        Rows = TrainingRows,
        TestRows = Test?.LeftToRight.Queries ?? 0,
        TestRowsLeftOut = Test?.RowsLeftOut ?? 0,
        Epochs,
        Left = Describe(Left),
        Right = Describe(Right),
        Towers,
        Seconds = Duration.TotalSeconds,
        Model,
    };

    public void Show(Terminal terminal)
    {
        if (Test is not null)
        {
            Table measures = new Table().RoundedBorder().AddColumns("test", "left to right", "right to left");
            foreach (TableColumn column in measures.Columns.Skip(1))
                column.RightAligned();
            foreach (int k in new[] { 1, 5, 10 })
                measures.AddRow($"recall@{k}", Format.Percent(Test.LeftToRight.RecallAt[k]), Format.Percent(Test.RightToLeft.RecallAt[k]));
            measures.AddRow("median rank", Format.Rank(Test.LeftToRight.MedianRank), Format.Rank(Test.RightToLeft.MedianRank));
            measures.AddRow("rows", Format.Count(Test.LeftToRight.Candidates), Format.Count(Test.RightToLeft.Candidates));
            terminal.Show(measures);
            if (Test.RowsLeftOut > 0)
                terminal.Warn($"{Test.RowsLeftOut} test rows have no embedding on one side, and are left out.");
        }

        var facts = new FactTable();
        facts.Add("training rows", Format.Count(TrainingRows));
        facts.Add("left", InWords(Left, Towers.Left));
        facts.Add("right", InWords(Right, Towers.Right));
        facts.Add("embedding", Format.Count(Towers.EmbeddingSize));
        facts.Add("temperature", Format.Decimal(Towers.Temperature));
        facts.Add("bias", Format.Decimal(Towers.Bias));
        facts.Add("epochs", Format.Count(Epochs));
        facts.Add("time", Format.Duration(Duration));
        facts.Add("model", Model);
        terminal.Show(facts);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }

    private static string InWords(PairSide side, TowerSummary tower) =>
        $"{string.Join(", ", side.Plan.Features.Select(c => c.Name))}: {tower.Kind}, {Format.Count(tower.Weights)} weights";

    private static object Describe(PairSide side) => new { Kind = side.Kind.ToString(), Columns = side.Plan.Features.Select(c => c.Name) };

    private static object? Direction(RetrievalDirection? direction) => direction is null
        ? null
        : new { RecallAt1 = direction.RecallAt[1], RecallAt5 = direction.RecallAt[5], RecallAt10 = direction.RecallAt[10], direction.MedianRank };
}
