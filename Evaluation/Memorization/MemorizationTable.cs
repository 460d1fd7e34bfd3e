using System.Globalization;
using static MLNetExt.Evaluation.TableCells;

namespace MLNetExt.Evaluation;

/// <summary>Lays the numbers of audits out as a table, one model a column.</summary>
internal static class MemorizationTable
{
    public static TextTable Of(IReadOnlyList<(string Name, MemorizationMetrics Metrics)> models)
    {
        var table = new TextTable("Memorization", [.. models.Select(model => model.Name)]);
        MemorizationMetrics[] all = [.. models.Select(model => model.Metrics)];
        Row("Documents (too short)", audit => $"{Count(audit.Documents.Count)} ({Count(audit.RowsTooShort.Count)})");
        Row("Prefix + suffix (tokens)", audit => $"{audit.PrefixLength?.ToString(CultureInfo.InvariantCulture) ?? "all before"} + {audit.SuffixLength}");
        if (all.Any(audit => audit.PrefixesCut > 0))
            Row("Prefixes cut to the context", audit => Count(audit.PrefixesCut));
        Extraction("greedy", audit => audit.Extraction);
        if (all.Any(audit => audit.BeamExtraction is not null))
            Extraction(BeamsOf(all), audit => audit.BeamExtraction);
        if (all.Any(audit => audit.Extraction.FirstDivergences.DroppedCounts is not null))
        {
            Row("First divergence on a dropped token", audit => audit.Extraction.FirstDivergences is { DroppedShare: { } share } first
                ? $"{Count(first.DivergedOnDropped!.Value)} of {Count(first.Diverged)}, {PerCent(share)}"
                : NotAvailable);
            Row("Dropped tokens in suffixes", audit => PerCent(audit.Extraction.FirstDivergences.DroppedTokenShare));
        }
        if (all.Any(audit => audit.Membership is not null))
        {
            Row("Members, non-members", audit => audit.Membership is { } membership ? $"{Count(membership.MemberCount)}, {Count(membership.NonMemberCount)}" : NotAvailable);
            Row("Mean loss of members (nats)", audit => Score(audit.Membership?.MemberLoss));
            Row("Mean loss of non-members (nats)", audit => Score(audit.Membership?.NonMemberLoss));
            Attack("Loss attack", audit => audit.Membership?.Loss);
        }
        if (all.Any(audit => audit.Membership?.Zlib is not null))
            Attack("Loss / zlib attack", audit => audit.Membership?.Zlib);
        return table;

        void Row(string name, Func<MemorizationMetrics, string> cell) => table.AddRow(name, all.Select(cell));

        void Extraction(string how, Func<MemorizationMetrics, ExtractionMetrics?> extraction)
        {
            Row($"Exact match, {how}", audit => extraction(audit) is { } found
                ? $"{Count(found.ExactMatches)} of {Count(found.DocumentCount)}, {PerCent(found.ExactMatch)}"
                : NotAvailable);
            Row($"Token accuracy, {how}", audit => PerCent(extraction(audit)?.TokenAccuracy));
            Row($"RougeL, {how}", audit => Score(extraction(audit)?.RougeL));
        }

        void Attack(string name, Func<MemorizationMetrics, MembershipAttack?> attack)
        {
            Row($"{name}: AUC", audit => Score(attack(audit)?.AreaUnderCurve));
            Row($"{name}: balanced accuracy", audit => PerCent(attack(audit)?.BalancedAccuracy));
            Row($"{name}: TPR at 1 % FPR", audit => PerCent(attack(audit)?.TruePositiveRateAtOnePercent));
            Row($"{name}: TPR at 0.1 % FPR", audit => PerCent(attack(audit)?.TruePositiveRateAtOnePerMille));
        }
    }

    private static string BeamsOf(MemorizationMetrics[] all) =>
        string.Join(" or ", all.Select(audit => audit.Beams).Where(beams => beams > 1).Distinct().Order()) + " beams";

    private static string Score(double? score) => Number(score, "0.000");
}
