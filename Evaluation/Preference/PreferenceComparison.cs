using static MLNetExt.Evaluation.TableCells;

namespace MLNetExt.Evaluation;

/// <summary>Two models' continuations of the same prompts, compared by a judge.</summary>
public sealed class PreferenceComparison
{
    internal PreferenceComparison()
    {
    }

    /// <summary>How often A is preferred.</summary>
    public required WinRate WinRate { get; init; }

    /// <summary>What the texts of A are like.</summary>
    public required TextStatistics TextsOfA { get; init; }

    /// <summary>What the texts of B are like.</summary>
    public required TextStatistics TextsOfB { get; init; }

    /// <summary>The number of continuations of A that ended only because they had <c>MaxNewTokens</c> tokens.</summary>
    public required int UnfinishedA { get; init; }

    /// <summary>The number of continuations of B that ended only because they had <c>MaxNewTokens</c> tokens.</summary>
    public required int UnfinishedB { get; init; }

    /// <summary>Each prompt that was continued, in the data's order.</summary>
    public required IReadOnlyList<PromptComparison> Prompts { get; init; }

    /// <summary>The number of rows left out because their prompt has no token.</summary>
    public required int EmptyPrompts { get; init; }

    /// <summary>The number of prompts that lost their beginning for a model, because they are longer than its context leaves room for. The judge saw them whole.</summary>
    public required int PromptsCut { get; init; }

    /// <summary>The numbers as two tables: the win rate, and the texts of both models.</summary>
    public override string ToString()
    {
        var rate = new TextTable("Comparison", [""]);
        rate.AddRow("Win rate of A", $"{PerCent(WinRate.Value)} ± {PerCent(WinRate.StandardError)}");
        rate.AddRow("Win rate, interval", $"{PerCent(WinRate.Interval.Low)} to {PerCent(WinRate.Interval.High)}");
        rate.AddRow("Wins, ties, losses", $"{Count(WinRate.Wins)}, {Count(WinRate.Ties)}, {Count(WinRate.Losses)}");
        rate.AddRow("Equal continuations", Count(WinRate.Identical));
        rate.AddRow("Unreadable verdicts (prompts)", Count(WinRate.Unreadable));
        rate.AddRow("Share of the first place", PerCent(WinRate.FirstPlaceShare));
        rate.AddRow("Same verdict in both orders", PerCent(WinRate.Consistency));
        rate.AddRow("Empty prompts, prompts cut", $"{Count(EmptyPrompts)}, {Count(PromptsCut)}");
        var texts = new TextTable("Texts", ["A", "B"]);
        TextStatistics.AddTo(texts, [TextsOfA, TextsOfB]);
        texts.AddRow("Unfinished", Count(UnfinishedA), Count(UnfinishedB));
        return $"{rate}{Environment.NewLine}{Environment.NewLine}{texts}";
    }
}
