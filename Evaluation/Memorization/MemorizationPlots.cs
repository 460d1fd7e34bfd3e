using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MLNetExt.Evaluation;

/// <summary>Lays the plots of a memorization report out as OxyPlot models.</summary>
internal static class MemorizationPlots
{
    private const int RougeBins = 20;
    private const double BarWidth = 0.88;

    /// <summary>The curves of membership inference; dashed where the loss is divided by the compressed length.</summary>
    public static PlotModel Roc(IReadOnlyList<(string Name, MemorizationMetrics Metrics)> models, PlotStyle style)
    {
        PlotModel plot = style.Model("Membership inference", subtitle: null);
        plot.Axes.Add(style.UnitAxis(AxisPosition.Bottom, "False positive rate"));
        plot.Axes.Add(style.UnitAxis(AxisPosition.Left, "True positive rate"));
        plot.Legends.Add(style.Legend());
        plot.Series.Add(style.Diagonal("Chance"));
        for (int i = 0; i < models.Count; i++)
        {
            Add(models[i].Metrics.Membership?.Loss, "loss", i, LineStyle.Solid);
            Add(models[i].Metrics.Membership?.Zlib, "loss / zlib", i, LineStyle.Dash);
        }
        return plot;

        void Add(MembershipAttack? attack, string score, int model, LineStyle line)
        {
            if (attack is null)
                return;
            var curve = new LineSeries
            {
                Title = FormattableString.Invariant($"{models[model].Name} · {score} · AUC {attack.AreaUnderCurve:0.000}"),
                Color = PlotStyle.ColorOf(model),
                LineStyle = line,
                StrokeThickness = 4 * style.Scale,
            };
            curve.Points.AddRange(attack.Roc.Points.Select(point => new DataPoint(point.FalsePositiveRate, point.TruePositiveRate)));
            plot.Series.Add(curve);
        }
    }

    /// <summary>How many documents have which RougeL, the models' bars side by side.</summary>
    public static PlotModel RougeL(IReadOnlyList<(string Name, MemorizationMetrics Metrics)> models, PlotStyle style)
    {
        int[][] counts = [.. models.Select(model => RougeCounts(model.Metrics.Documents))];
        PlotModel plot = style.Model("RougeL of continuations", "1: the document's own words");
        plot.Axes.Add(style.UnitAxis(AxisPosition.Bottom, "RougeL"));
        plot.Axes.Add(style.CountAxis(AxisPosition.Left, "Documents", counts.Max(bins => bins.Max())));
        plot.Legends.Add(style.Legend());
        double width = BarWidth / RougeBins / models.Count;
        for (int i = 0; i < models.Count; i++)
        {
            RectangleBarSeries bars = style.Bars(models[i].Name, PlotStyle.ColorOf(i), tint: 0.75);
            for (int bin = 0; bin < RougeBins; bin++)
            {
                double left = (bin + (1 - BarWidth) / 2) / RougeBins + i * width;
                if (counts[i][bin] > 0)
                    bars.Items.Add(new RectangleBarItem(left, 0, left + width, counts[i][bin]));
            }
            plot.Series.Add(bars);
        }
        return plot;
    }

    /// <summary>Where one model's continuations first differ; dropped tokens below, others above.</summary>
    public static PlotModel Divergence(string name, DivergenceHistogram histogram, PlotStyle style)
    {
        PlotModel plot = style.Model("First divergence", name);
        LinearAxis position = style.Axis(AxisPosition.Bottom, "Token of the suffix");
        position.Maximum = histogram.Counts.Count;
        position.MinimumMajorStep = 1;
        plot.Axes.Add(position);
        plot.Axes.Add(style.CountAxis(AxisPosition.Left, "Documents", Math.Max(1, histogram.Counts.Max())));
        plot.Legends.Add(style.Legend());
        bool hasMask = histogram.DroppedCounts is not null;
        RectangleBarSeries dropped = style.Bars("On a dropped token", PlotStyle.ColorOf(0), tint: 0.75);
        RectangleBarSeries others = style.Bars(hasMask ? "On another token" : "Documents", PlotStyle.ColorOf(hasMask ? 1 : 0), tint: 0.75);
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            int onDropped = histogram.DroppedCounts?[i] ?? 0;
            double left = i + (1 - BarWidth) / 2;
            if (onDropped > 0)
                dropped.Items.Add(new RectangleBarItem(left, 0, left + BarWidth, onDropped));
            if (histogram.Counts[i] > onDropped)
                others.Items.Add(new RectangleBarItem(left, onDropped, left + BarWidth, histogram.Counts[i]));
        }
        if (hasMask)
            plot.Series.Add(dropped);
        plot.Series.Add(others);
        return plot;
    }

    private static int[] RougeCounts(IReadOnlyList<DocumentMemorization> documents)
    {
        var counts = new int[RougeBins];
        foreach (DocumentMemorization document in documents)
            counts[Math.Min(RougeBins - 1, (int)(document.Greedy.RougeL * RougeBins))]++;
        return counts;
    }
}
