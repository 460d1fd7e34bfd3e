using static MLNetExt.Evaluation.TableCells;

namespace MLNetExt.Evaluation;

/// <summary>Lays the numbers of evaluations out as a table, one model a column.</summary>
internal static class PreferenceTable
{
    private const string Nats = "0.000";

    public static TextTable Of(IReadOnlyList<(string Name, PreferenceMetrics Metrics)> models)
    {
        var table = new TextTable("Preference", [.. models.Select(model => model.Name)]);
        PreferenceMetrics[] all = [.. models.Select(model => model.Metrics)];
        Row("Pairs (empty, equal, cut away)", of => $"{Count(of.Pairs.Count)} ({Count(of.EmptyRows)}, {Count(of.EqualRows)}, {Count(of.CutAwayRows)})");
        if (all.Any(of => of.PromptsCut + of.CompletionsCut > 0))
            Row("Prompts cut, completions cut", of => $"{Count(of.PromptsCut)}, {Count(of.CompletionsCut)}");
        Row("End token", of => of.EndTokenId is { } end ? Number(end, "0") : "none");
        Accuracy("Preference accuracy", of => of.Margins);
        Gains();
        Row("Margin (nats), mean", of => Number(of.Margins.Margin.Mean, Nats));
        foreach (double share in (double[])[0.1, 0.5, 0.9])
            Row($"Margin, quantile {Number(share, "0.0")}", of => Number(of.Margins.Margin.Quantile(share), Nats));
        Accuracy("Accuracy per token", of => of.MarginsPerToken);
        Both("Log-probability", side => Number(side.LogProbability.Mean, Nats));
        Both("Log-probability a token", side => Number(side.LogProbabilityPerToken.Mean, Nats));
        Both("Tokens", side => Number(side.TokenCount.Mean, "0.0"));
        if (all.Any(of => of.Rewards is not null))
        {
            Row("Reward of chosen, rejected", of => of.Rewards is { } rewards ? $"{Number(rewards.Chosen.Mean, Nats)}, {Number(rewards.Rejected.Mean, Nats)}" : NotAvailable);
            Row("Reward margin, mean", of => Number(of.Rewards?.Margins.Margin.Mean, Nats));
            Accuracy("Reward accuracy", of => of.Rewards?.Margins);
        }
        if (all.Any(of => of.Divergence is not null))
        {
            Row("KL a token (nats)", of => of.Divergence is { } kl ? $"{Number(kl.PerToken, "0.0000")} ± {Number(kl.StandardError, "0.0000")}" : NotAvailable);
            Row("KL a completion (nats)", of => of.Divergence is { } kl ? $"{Number(kl.PerCompletion.Mean, Nats)} ± {Number(kl.PerCompletion.StandardError, Nats)}" : NotAvailable);
        }
        return table;

        void Row(string name, Func<PreferenceMetrics, string> cell) => table.AddRow(name, all.Select(cell));

        void Gains()
        {
            PreferenceGain?[] gains = [.. all.Skip(1).Select(of => of.GainIfJoined(all[0]))];
            if (gains.All(gain => gain is null))
                return;
            string name = $"Gain over {models[0].Name} (points)";
            table.AddRow(name, gains.Select(gain => gain is null ? NotAvailable : $"{Points(gain.Value)} ± {Number(100 * gain.StandardError, "0.0")}").Prepend(""));
            table.AddRow($"{name}, interval", gains.Select(gain => gain is null ? NotAvailable : $"{Points(gain.Interval.Low)} to {Points(gain.Interval.High)}").Prepend(""));
        }

        void Both(string name, Func<CompletionMetrics, string> cell) => Row($"{name}, chosen and rejected", of => $"{cell(of.Chosen)}, {cell(of.Rejected)}");

        void Accuracy(string name, Func<PreferenceMetrics, MarginMetrics?> margins)
        {
            Row(name, of => margins(of) is { } found ? $"{PerCent(found.Accuracy)} ± {PerCent(found.StandardError)}" : NotAvailable);
            Row($"{name}, interval", of => margins(of) is { } found ? $"{PerCent(found.Interval.Low)} to {PerCent(found.Interval.High)}" : NotAvailable);
            if (all.Any(of => margins(of)?.Ties > 0))
                Row($"{name}, ties", of => margins(of) is { } found ? Count(found.Ties) : NotAvailable);
        }
    }

    private static string Points(double share) => Number(100 * share, "+0.0;-0.0;0.0");
}
