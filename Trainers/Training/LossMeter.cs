using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>Sums up losses between two reports.</summary>
/// <param name="readsLate">Whether losses are read only when asked for, because each read waits for the device.</param>
internal sealed class LossMeter(bool readsLate) : IDisposable
{
    private readonly List<Entry> _unread = [];
    private readonly Totals _sinceReport = new();
    private readonly Totals _inEpoch = new();

    /// <summary>Takes a batch's loss in.</summary>
    /// <exception cref="NonFiniteLossException">The loss is read at once and not finite.</exception>
    public void Add(StepLoss loss, long step, int epoch, double learningRate)
    {
        if (!(loss.Weight >= 0) || double.IsInfinity(loss.Weight))
        {
            throw new InvalidOperationException($"The training step returned the weight {loss.Weight} at step {step}; it must be at least 0 and finite.");
        }
        if (readsLate)
        {
            _unread.Add(new Entry(Detach(loss), step, epoch, learningRate));
        }
        else
        {
            Read(new Entry(loss, step, epoch, learningRate));
        }
    }

    /// <summary>Reads what is still on the device.</summary>
    /// <exception cref="NonFiniteLossException">A loss is not finite.</exception>
    public void Read()
    {
        using var scope = NewDisposeScope();
        _unread.ForEach(Read);
        Dispose();
    }

    /// <summary>The means per weight since the last call: the loss, NaN without weight, and the metrics that were measured.</summary>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Take()
    {
        Read();
        return _sinceReport.Take();
    }

    /// <summary>The same of all since its own last call.</summary>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) TakeEpoch()
    {
        Read();
        return _inEpoch.Take();
    }

    public void Dispose()
    {
        foreach (var entry in _unread)
        {
            entry.Loss.LossSum.Dispose();
            foreach (StepMetric metric in entry.Loss.Metrics?.Values ?? [])
            {
                metric.Sum.Dispose();
            }
        }
        _unread.Clear();
    }

    private void Read(Entry entry)
    {
        double loss = entry.Loss.LossSum.ToDouble();
        if (!double.IsFinite(loss))
        {
            throw new NonFiniteLossException(entry.Step, entry.Epoch, entry.LearningRate);
        }
        _sinceReport.AddLoss(loss, entry.Loss.Weight);
        _inEpoch.AddLoss(loss, entry.Loss.Weight);
        foreach (var (name, metric) in entry.Loss.Metrics ?? new Dictionary<string, StepMetric>())
        {
            double sum = metric.Sum.ToDouble();
            _sinceReport.AddMetric(name, sum, metric.Weight);
            _inEpoch.AddMetric(name, sum, metric.Weight);
        }
    }

    private static StepLoss Detach(StepLoss loss) => loss with
    {
        LossSum = loss.LossSum.detach().DetachFromDisposeScope(),
        Metrics = loss.Metrics?.ToDictionary(m => m.Key, m => m.Value with { Sum = m.Value.Sum.detach().DetachFromDisposeScope() }),
    };

    private sealed class Totals
    {
        private readonly Dictionary<string, (double Sum, double Weight)> _metrics = [];
        private double _loss;
        private double _weight;

        public void AddLoss(double sum, double weight) => (_loss, _weight) = (_loss + sum, _weight + weight);

        public void AddMetric(string name, double sum, double weight)
        {
            var before = _metrics.GetValueOrDefault(name);
            _metrics[name] = (before.Sum + sum, before.Weight + weight);
        }

        /// <summary>The means, after which it begins again.</summary>
        public (double Loss, IReadOnlyDictionary<string, double> Metrics) Take()
        {
            var means = (_loss / _weight, _metrics.Where(m => m.Value.Weight > 0).ToDictionary(m => m.Key, m => m.Value.Sum / m.Value.Weight));
            (_loss, _weight) = (0, 0);
            _metrics.Clear();
            return means;
        }
    }

    private readonly record struct Entry(StepLoss Loss, long Step, int Epoch, double LearningRate);
}
