using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>Predicts masked tokens; where tokens are dropped, from a pass that drops them, which every so often is held to a full one.</summary>
internal sealed class MaskedStep(EncoderNetwork network, EncoderColumns columns, TokenCorruption corruption, Generator generator, Action finished) : ITrainingStep
{
    private long _batches;
    private long _updates;

    /// <summary>Drops tokens; null when none are dropped.</summary>
    public TokenDropper? Dropper { get; init; }

    /// <summary>Holds dropped passes to full ones; null when none are.</summary>
    public SemanticConsistency? Consistency { get; init; }

    /// <summary>The vector of a row that is held to another.</summary>
    public EncoderPooling Representation { get; init; }

    public StepLoss Accumulate(TensorBatch batch)
    {
        EncoderRows rows = columns.Read(batch);
        CorruptedTokens tokens = corruption.Apply(rows, _batches++);
        Device device = network.HeadWeight.device;
        if (tokens.Places.Length == 0)
            return new StepLoss(zeros(1, device: device).sum(), 0);
        Tensor inputs = tokens.InputTensor(corruption.Padding, device);
        TokenSelection? selection = Dropper?.Select(tokens, _updates, _batches, device);
        HiddenStates states = network.Hidden(inputs, rows.IsToken, rows.Types, selection);
        MaskedTokenSum sum = MaskedPrediction.Sum(network, states.Last, tokens);
        Tensor loss = sum.Loss;
        Dictionary<string, StepMetric>? metrics = null;
        if (selection is not null && Consistency?.IsCompared(_updates) == true)
            (loss, metrics) = Compare(rows, tokens, inputs, states, sum.Loss);
        loss.backward();
        Dropper?.Add(tokens.Targets, sum.Losses);
        return new StepLoss(sum.Loss.detach(), tokens.Places.Length, metrics);
    }

    public void Finish()
    {
        Dropper?.Update();
        _updates++;
        finished();
    }

    public void SaveState(StepState state)
    {
        state.Tensors["generator"] = generator.get_state();
        state.Tensors["batches"] = tensor(_batches);
        state.Tensors["updates"] = tensor(_updates);
        Dropper?.SaveState(state);
    }

    public void LoadState(StepState state)
    {
        generator.set_state(state.Tensors["generator"]);
        _batches = state.Tensors["batches"].ToInt64();
        _updates = state.Tensors["updates"].ToInt64();
        Dropper?.LoadState(state);
    }

    private (Tensor Loss, Dictionary<string, StepMetric> Metrics) Compare(EncoderRows rows, CorruptedTokens tokens, Tensor inputs, HiddenStates dropped, Tensor droppedLoss)
    {
        HiddenStates full;
        Tensor fullLoss;
        // What no gradient comes from is computed without.
        using (Consistency!.FullPassLearns ? null : no_grad())
            full = network.Hidden(inputs, rows.IsToken, rows.Types);
        using (Consistency.FullLossCounts ? null : no_grad())
            fullLoss = MaskedPrediction.Sum(network, full.Last, tokens).Loss;
        Tensor penultimate = Consistency.Divergence(Represent(full.Penultimate, rows), Represent(dropped.Penultimate, rows));
        Tensor last = Consistency.Divergence(Represent(full.Last, rows), Represent(dropped.Last, rows));
        Tensor loss = Consistency.Sum(droppedLoss, fullLoss, penultimate, last, tokens.Places.Length, rows.Count);
        return (loss, new()
        {
            ["FullPassLoss"] = new(fullLoss.detach(), tokens.Places.Length),
            ["Divergence"] = new((penultimate + last).detach(), rows.Count),
        });
    }

    /// <summary>One vector a row. Where blocks normalise their inputs, what they pass on grows with depth: it is brought to one scale.</summary>
    private Tensor Represent(Tensor states, EncoderRows rows)
    {
        Tensor vectors = Representation.Apply(states, rows.IsToken);
        return network.Options.Transformer.Norm == NormPlacement.Pre ? nn.functional.layer_norm(vectors, [vectors.shape[1]]) : vectors;
    }
}
