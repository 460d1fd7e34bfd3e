using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Preference;
using MLNetExt.Torch;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Training steps on preferences, optimiser included, two threads. What is prepared builds its models once; running it trains them further.</summary>
internal sealed class PreferenceSubjects : IDisposable
{
    private const int Pairs = 8, Length = 256, PromptLength = 64, Vocabulary = 32_000, Candidates = 5;
    private readonly PreferenceBatches _batches;
    private readonly Generator _generator;
    private readonly List<DecoderNetwork> _networks = [];

    /// <param name="steps">Steps of a run.</param>
    public PreferenceSubjects(int steps)
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        _generator = new Generator(1);
        _batches = new PreferenceBatches(Pairs, Length, PromptLength, Vocabulary, steps);
    }

    /// <summary>Pairwise Cringe.</summary>
    public Action Cringe() => Prepare(network => Step(network, new PairwiseCringe(new CringeContrast(Candidates)), reference: null));

    /// <summary>DPO with the reference's log-probabilities in the rows.</summary>
    public Action DirectPreference() => Prepare(network => Step(network, new DirectPreference(), reference: null));

    /// <summary>DPO with a reference model in each step.</summary>
    public Action DirectPreferenceOnline()
    {
        DecoderNetwork reference = Network();
        reference.eval();
        return Prepare(network => Step(network, new DirectPreference(), reference));
    }

    /// <summary>Pairwise Cringe with the logits of all tokens.</summary>
    public Action CringeEagerly() => Prepare(network => new EagerCringeStep(network, Candidates));

    public void Dispose()
    {
        foreach (DecoderNetwork network in _networks)
            network.Dispose();
        _generator.Dispose();
    }

    private PreferenceStep Step(DecoderNetwork network, IPreferenceObjective objective, DecoderNetwork? reference) =>
        new(new PreferenceForward(network, objective, reference), PreferenceBatches.Columns, _generator, () => { });

    private Action Prepare(Func<DecoderNetwork, ITrainingStep> step)
    {
        DecoderNetwork network = Network();
        ITrainingStep training = step(network);
        return () =>
        {
            using var scope = NewDisposeScope();
            new TrainingLoop(network, training, new TrainingOptions { Epochs = 1 }).Run(_batches);
        };
    }

    private DecoderNetwork Network()
    {
        var network = new DecoderNetwork(DecoderOptions.Gpt2(Vocabulary, Length, width: 256, layers: 4, heads: 4), _generator);
        _networks.Add(network);
        return network;
    }
}
