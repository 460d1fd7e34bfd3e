using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Measures an encoder on the validation part: full passes over rows that are masked alike each time.</summary>
internal sealed class MaskedValidator(
    EncoderNetwork network, EncoderColumns columns, TokenCorruption corruption, IBatchSource rows, Device device, Action beforeBatch) : IValidator
{
    // No training batch has this number.
    private const long Epoch = -1;

    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        double loss = 0, count = 0;
        foreach (TensorBatch batch in rows.Read(epoch: 0))
        {
            beforeBatch();
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            EncoderRows read = columns.Read(batch.To(device));
            CorruptedTokens tokens = corruption.Apply(read, Epoch);
            if (tokens.Places.Length == 0)
                continue;
            Tensor last = network.Hidden(tokens.InputTensor(corruption.Padding, device), read.IsToken, read.Types).Last;
            loss += MaskedPrediction.Sum(network, last, tokens).Loss.ToDouble();
            count += tokens.Places.Length;
        }

        return [new ValidationMetric("Loss", loss / count, HigherIsBetter: false), new ValidationMetric("Perplexity", Math.Exp(loss / count), HigherIsBetter: false)];
    }
}
