using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Training;

/// <summary>Sums up losses between two reports.</summary>
/// <param name="readsLate">Whether losses are read only when asked for, because each read waits for the device.</param>
internal sealed class LossMeter(bool readsLate) : IDisposable
{
    private readonly List<Entry> _unread = [];
    private readonly Dictionary<string, (double Sum, double Weight)> _metrics = [];
    private double _loss;
    private double _weight;
    private double _epochLoss;
    private double _epochWeight;

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

    /// <summary>The means per weight since the last call, metrics per weight of the batches that have them; NaN without weight.</summary>
    public (double Loss, IReadOnlyDictionary<string, double> Metrics) Take()
    {
        Read();
        (_epochLoss, _epochWeight) = (_epochLoss + _loss, _epochWeight + _weight);
        var means = (_loss / _weight, _metrics.ToDictionary(m => m.Key, m => m.Value.Sum / m.Value.Weight));
        (_loss, _weight) = (0, 0);
        _metrics.Clear();
        return means;
    }

    /// <summary>The mean loss per weight of all that <see cref="Take"/> gave since the last call; NaN without weight.</summary>
    public double TakeEpoch()
    {
        double mean = _epochLoss / _epochWeight;
        (_epochLoss, _epochWeight) = (0, 0);
        return mean;
    }

    public void Dispose()
    {
        foreach (var entry in _unread)
        {
            entry.Loss.LossSum.Dispose();
            foreach (Tensor metric in entry.Loss.Metrics?.Values ?? [])
            {
                metric.Dispose();
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
        _loss += loss;
        _weight += entry.Loss.Weight;
        foreach (var (name, sum) in entry.Loss.Metrics ?? new Dictionary<string, Tensor>())
        {
            var (total, weight) = _metrics.GetValueOrDefault(name);
            _metrics[name] = (total + sum.ToDouble(), weight + entry.Loss.Weight);
        }
    }

    private static StepLoss Detach(StepLoss loss) => loss with
    {
        LossSum = loss.LossSum.detach().DetachFromDisposeScope(),
        Metrics = loss.Metrics?.ToDictionary(m => m.Key, m => m.Value.detach().DetachFromDisposeScope()),
    };

    private readonly record struct Entry(StepLoss Loss, long Step, int Epoch, double LearningRate);
}
