using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Measures a language model on the validation part: the loss over all of its tokens, whatever a mask says of them.</summary>
internal sealed class CausalValidator(
    DecoderNetwork network, CausalColumns columns, NextTokenCrossEntropy objective, IBatchSource rows, Device device, Action beforeBatch) : IValidator
{
    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, weight = 0;
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            (Tensor inputs, Tensor targets, _) = columns.Shift(batch.To(device));
            NextTokenSum sum = objective.Sum(network.Hidden(inputs), network.HeadWeight, targets);
            loss += sum.Loss.ToDouble();
            weight += sum.Weight;
        }

        double mean = loss / weight;
        return [new ValidationMetric("Loss", mean, HigherIsBetter: false), new ValidationMetric("Perplexity", Math.Exp(mean), HigherIsBetter: false)];
    }
}
