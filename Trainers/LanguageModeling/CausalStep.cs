using MLNetExt.Columns;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Predicts each token of a batch from those before it, over the tokens that the loss mask keeps.</summary>
internal sealed class CausalStep(DecoderNetwork network, CausalColumns columns, NextTokenCrossEntropy objective, Generator generator, Action finished) : ITrainingStep
{
    private long _batches;

    /// <summary>One of this many targets is dropped at random, others in each batch; 0 for none. See <see cref="GoldfishMask.FillRandom"/>.</summary>
    public int RandomMask { get; init; }

    /// <summary>The seed of the random masks.</summary>
    public int Seed { get; init; }

    /// <summary>Whether to measure the loss of the dropped tokens too.</summary>
    public bool MeasuresDropped { get; init; }

    public StepLoss Accumulate(TensorBatch batch)
    {
        (Tensor inputs, Tensor targets, Tensor? weights) = columns.Shift(batch);
        if (RandomMask > 0)
            weights = Draw(targets.shape, weights);
        _batches++;
        NextTokenSum sum = objective.Sum(network.Hidden(inputs), network.HeadWeight, targets, weights, MeasuresDropped && weights is not null);
        if (sum.KeptCount > 0)
            sum.Loss.backward();
        using var noGradients = no_grad();
        return new StepLoss(sum.Loss.detach(), sum.Weight, Metrics(sum));
    }

    public void Finish() => finished();

    public void SaveState(StepState state)
    {
        state.Tensors["generator"] = generator.get_state();
        state.Tensors["batches"] = tensor(_batches);
    }

    public void LoadState(StepState state)
    {
        generator.set_state(state.Tensors["generator"]);
        _batches = state.Tensors["batches"].ToInt64();
    }

    private Tensor Draw(long[] shape, Tensor? weights)
    {
        var keep = new float[shape[0] * shape[1]];
        GoldfishMask.FillRandom(keep, RandomMask, Seed, _batches, first: 0);
        Tensor drawn = tensor(keep, shape, device: network.HeadWeight.device);
        return weights is null ? drawn : drawn * weights;
    }

    /// <summary>The losses of all and of the dropped tokens; that of the kept ones is the loss itself.</summary>
    private static Dictionary<string, StepMetric>? Metrics(NextTokenSum sum) => sum.DroppedLoss is not { } dropped ? null : new()
    {
        ["AllTokensLoss"] = new(sum.Loss.detach() + dropped, sum.Weight + sum.DroppedCount),
        ["DroppedTokensLoss"] = new(tensor(dropped), sum.DroppedCount),
    };
}
