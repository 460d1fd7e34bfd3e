using MLNetExt.LanguageModeling;
using MLNetExt.Masking;
using MLNetExt.Networks;
using MLNetExt.Torch;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>Pre-training steps of encoders, optimiser included, two threads. What is prepared builds its network once; running it trains it further.</summary>
internal sealed class EncoderSubjects : IDisposable
{
    private const int Length = 256, MaskId = 4, SpecialTokens = 5;
    private static readonly EncoderColumns s_columns = new(TokenBatches.Tokens, TokenTypes: null, PadId: 0);
    private readonly EncoderOptions _shape;
    private readonly TokenBatches _batches;
    private readonly int _steps;
    private readonly Generator _generator;
    private readonly List<EncoderNetwork> _networks = [];

    /// <param name="layers">Blocks, of width 256 and 4 heads.</param>
    /// <param name="vocabulary">Tokens.</param>
    /// <param name="rows">Rows of 256 tokens in a batch.</param>
    /// <param name="steps">Steps of a run.</param>
    public EncoderSubjects(int layers, int vocabulary, int rows, int steps)
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        _generator = new Generator(1);
        _shape = EncoderOptions.Bert(vocabulary, Length, width: 256, layers, heads: 4);
        _batches = new TokenBatches(rows, Length - 1, vocabulary, k: 2, steps);
        _steps = steps;
    }

    /// <summary>All layers read all tokens.</summary>
    public Action Full() => Prepare(new EncoderDroppingOptions());

    /// <summary>The middle layers read half of them.</summary>
    public Action Dropping() => Prepare(new EncoderDroppingOptions { Kind = TokenDroppingKind.TokenDropping });

    /// <summary>The same, held to a full pass in the first step of a run, whose steps are the interval.</summary>
    public Action Consistent() => Prepare(new EncoderDroppingOptions { Kind = TokenDroppingKind.Consistent, Interval = _steps });

    /// <summary>All layers read all tokens, and the head scores all of them.</summary>
    public Action FullEagerly() => Prepare((network, corruption) => new EagerMaskedStep(network, s_columns, corruption));

    public void Dispose()
    {
        foreach (EncoderNetwork network in _networks)
            network.Dispose();
        _generator.Dispose();
    }

    private Action Prepare(EncoderDroppingOptions options) => Prepare((network, corruption) => new MaskedStep(network, s_columns, corruption, _generator, () => { })
    {
        Dropper = options.Kind == TokenDroppingKind.None
            ? null
            : new TokenDropper(options, new DropRule { PinnedIds = [MaskId], DeniedIds = [0] }, new long[_shape.VocabularySize], updates: long.MaxValue / 2),
        Consistency = options.Consistency,
    });

    private Action Prepare(Func<EncoderNetwork, TokenCorruption, ITrainingStep> step)
    {
        var network = new EncoderNetwork(_shape, _generator);
        _networks.Add(network);
        var vocabulary = new MaskVocabulary(_shape.VocabularySize, MaskId) { SpecialIds = [.. Enumerable.Range(0, SpecialTokens)] };
        ITrainingStep training = step(network, new TokenCorruption(new MaskPolicy(new MaskRule(), vocabulary), _shape.VocabularySize));
        return () =>
        {
            using var scope = NewDisposeScope();
            new TrainingLoop(network, training, new TrainingOptions { Epochs = 1, LearningRate = 1e-4 }).Run(_batches);
        };
    }
}
