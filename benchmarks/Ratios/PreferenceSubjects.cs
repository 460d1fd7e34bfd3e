using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Preference;
using MLNetExt.Torch;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Training steps on preferences, optimiser included, two threads.</summary>
internal sealed class PreferenceSubjects
{
    private const int Pairs = 8, Length = 256, PromptLength = 64, Vocabulary = 32_000, Candidates = 5;
    private readonly PreferenceBatches _batches;
    private readonly DecoderOptions _shape = DecoderOptions.Gpt2(Vocabulary, Length, width: 256, layers: 4, heads: 4);

    /// <param name="steps">Steps of a run.</param>
    public PreferenceSubjects(int steps)
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        _batches = new PreferenceBatches(Pairs, Length, PromptLength, Vocabulary, steps);
    }

    /// <summary>Pairwise Cringe.</summary>
    public void Cringe() => Run((network, generator) => Step(network, new PairwiseCringe(new CringeContrast(Candidates)), reference: null, generator));

    /// <summary>DPO with the reference's log-probabilities in the rows.</summary>
    public void DirectPreference() => Run((network, generator) => Step(network, new DirectPreference(), reference: null, generator));

    /// <summary>DPO with a reference model in each step.</summary>
    public void DirectPreferenceOnline() => Run((network, generator) =>
    {
        // A network of its own; what it was initialised with does not matter for time.
        var reference = new DecoderNetwork(_shape, generator);
        reference.eval();
        return Step(network, new DirectPreference(), reference, generator);
    });

    /// <summary>Pairwise Cringe with the logits of all tokens.</summary>
    public void CringeEagerly() => Run((network, _) => new EagerCringeStep(network, Candidates));

    private static PreferenceStep Step(DecoderNetwork network, IPreferenceObjective objective, DecoderNetwork? reference, Generator generator) =>
        new(new PreferenceForward(network, objective, reference), PreferenceBatches.Columns, generator, () => { });

    private void Run(Func<DecoderNetwork, Generator, ITrainingStep> step)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(_shape, generator);
        new TrainingLoop(network, step(network, generator), new TrainingOptions { Epochs = 1 }).Run(_batches);
    }
}
