using MLNetExt.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

/// <summary>The preference losses as their papers write them, token by token, from all logits, by autograd.</summary>
internal sealed class EagerPreference
{
    private readonly IPreferenceObjective _objective;
    private readonly CompletionBatch _batch;
    private readonly List<Tensor>[] _logProbabilities;
    private readonly List<Tensor>[] _contrasts;
    private readonly Tensor? _reference;

    private EagerPreference(IPreferenceObjective objective, Tensor hidden, Tensor head, CompletionBatch batch, double[]? draws)
    {
        (_objective, _batch, _reference) = (objective, batch, batch.Reference);
        int count = (int)batch.Targets.shape[0], drawn = 0;
        _logProbabilities = [.. Enumerable.Range(0, count).Select(_ => new List<Tensor>())];
        _contrasts = [.. Enumerable.Range(0, count).Select(_ => new List<Tensor>())];
        for (int i = 0; i < count; i++)
        {
            for (int t = 0; t < batch.Targets.shape[1]; t++)
            {
                long target = batch.Targets[i, t].ToInt64();
                if (target < 0)
                    continue;
                var logits = head.mv(hidden[i, t]);
                _logProbabilities[i].Add(logits[target] - logits.logsumexp(0));
                if (objective.Contrast is { } contrast && !batch.IsDesired[i].ToBoolean())
                    _contrasts[i].Add(Contrast(logits, target, contrast, draws?[drawn++]));
            }
        }
    }

    public static CompletionRun Run(IPreferenceObjective objective, PreferenceInput input, double[]? draws)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = input.Hidden.detach().clone().requires_grad_(), head = input.Head.detach().clone().requires_grad_();
        var (losses, weight) = new EagerPreference(objective, hidden, head, input.Batch, draws).Losses();
        var loss = stack(losses).sum();
        loss.backward();
        // States that no token has get no gradient of their own, and index gives them 0.
        return new(loss.ToDouble(), weight, [.. losses.Select(l => l.ToDouble())], [], ObjectiveRun.Doubles(hidden.grad!), ObjectiveRun.Doubles(head.grad!));
    }

    private static Tensor Contrast(Tensor logits, long target, CringeContrast contrast, double? draw)
    {
        double[] values = ObjectiveRun.Doubles(logits);
        int[] candidates =
        [
            .. Enumerable.Range(0, values.Length).Where(id => id != target && !contrast.ExcludedTokens.Contains(id))
                .OrderByDescending(id => values[id]).ThenBy(id => id).Take(contrast.Candidates),
        ];
        double total = candidates.Sum(id => Math.Exp(values[id] - values[candidates[0]]));
        double[] shares = [.. candidates.Select(id => Math.Exp(values[id] - values[candidates[0]]) / total)];
        Tensor Against(int id)
        {
            var positive = contrast.DetachPositives ? logits[id].detach() : logits[id];
            return -stack([positive, logits[target]]).log_softmax(0)[0];
        }

        if (draw is null)
            return stack(candidates.Select((id, i) => shares[i] * Against(id)).ToArray()).sum();
        double below = 0;
        return Against(candidates.First((id => (below += shares[Array.IndexOf(candidates, id)]) > draw)));
    }

    private (Tensor[] Losses, double Weight) Losses()
    {
        int count = _logProbabilities.Length;
        if (_objective.NeedsPairs)
            return ([.. Enumerable.Range(0, count / 2).Select(i => OfPair(i, i + count / 2))], count / 2);
        bool[] isDesired = [.. Enumerable.Range(0, count).Select(i => _batch.IsDesired[i].ToBoolean())];
        return (
            [.. Enumerable.Range(0, count).Select(i => OfCompletion(i, isDesired[i]))],
            _objective switch
            {
                ChosenCrossEntropy => Enumerable.Range(0, count).Where(i => isDesired[i]).Sum(i => _logProbabilities[i].Count),
                KahnemanTversky => count,
                _ => _logProbabilities.Sum(tokens => tokens.Count),
            });
    }

    private Tensor OfPair(int w, int l)
    {
        Tensor delta() => Ratio(w) - Ratio(l);
        switch (_objective)
        {
            case PairwiseCringe o:
                var (reduce, measure) = (
                    o.TokenReduction == TokenReduction.Mean ? Mean : (Func<List<Tensor>, Tensor>)Total,
                    o.LengthNormalizeMargin ? Mean : (Func<List<Tensor>, Tensor>)Total);
                var margin = measure(_logProbabilities[w]) - measure(_logProbabilities[l]);
                var gate = o.GateTemperature > 0
                    ? 1 / (1 + exp((margin - o.GateBias) / o.GateTemperature))
                    : tensor(margin.ToDouble() < o.GateBias ? 1.0 : 0.0);
                return (o.DetachGate ? gate.detach() : gate) * (-reduce(_logProbabilities[w]) + o.Alpha * reduce(_contrasts[l]));
            case DirectPreference { Robust: false } o:
                return -(1 - o.LabelSmoothing) * log(sigmoid(o.Beta * delta())) - o.LabelSmoothing * log(sigmoid(-o.Beta * delta()));
            case DirectPreference o:
                return (-(1 - o.LabelSmoothing) * log(sigmoid(o.Beta * delta())) + o.LabelSmoothing * log(sigmoid(-o.Beta * delta()))) / (1 - 2 * o.LabelSmoothing);
            case IdentityPreference { LengthNormalize: false } o:
                return (delta() - 1 / (2 * o.Beta)).pow(2);
            case IdentityPreference o:
                return (Ratio(w) / _logProbabilities[w].Count - Ratio(l) / _logProbabilities[l].Count - 1 / (2 * o.Beta)).pow(2);
            case HingePreference o:
                return nn.functional.relu(1 - o.Beta * delta());
            case ContrastivePreference o:
                return -log(sigmoid(o.Beta * (Total(_logProbabilities[w]) - Total(_logProbabilities[l])))) - o.Alpha * Mean(_logProbabilities[w]);
            case SimplePreference o:
                return -log(sigmoid(o.Beta * (Mean(_logProbabilities[w]) - Mean(_logProbabilities[l])) - o.Gamma));
            case OddsRatioPreference o:
                Tensor chosen = exp(Mean(_logProbabilities[w])), rejected = exp(Mean(_logProbabilities[l]));
                return -Mean(_logProbabilities[w]) - o.Beta * log(sigmoid(log(chosen / (1 - chosen)) - log(rejected / (1 - rejected))));
            default:
                throw new NotSupportedException(_objective.ToString());
        }
    }

    private Tensor OfCompletion(int i, bool isDesired) => _objective switch
    {
        BinaryCringe o => isDesired ? -Total(_logProbabilities[i]) : o.Alpha * Total(_contrasts[i]),
        Unlikelihood o => isDesired ? -Total(_logProbabilities[i]) : o.Alpha * Total([.. _logProbabilities[i].Select(p => -log(1 - exp(p)))]),
        ChosenCrossEntropy => isDesired ? -Total(_logProbabilities[i]) : 0 * Total(_logProbabilities[i]),
        KahnemanTversky o => isDesired
            ? o.DesirableWeight * (1 - sigmoid(o.Beta * (Ratio(i) - Zero())))
            : o.UndesirableWeight * (1 - sigmoid(o.Beta * (Zero() - Ratio(i)))),
        _ => throw new NotSupportedException(_objective.ToString()),
    };

    private double Zero()
        => Math.Max(0, _batch.Divergence ?? Enumerable.Range(0, _logProbabilities.Length).Average(i => Ratio(i).ToDouble()));

    private Tensor Ratio(int i) => Total(_logProbabilities[i]) - _reference![i];

    private static Tensor Total(List<Tensor> values) => stack(values).sum();

    private static Tensor Mean(List<Tensor> values) => stack(values).mean();
}
