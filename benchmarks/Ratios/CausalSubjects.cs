using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Sequences;
using MLNetExt.Torch;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Benchmarks;

/// <summary>What language models do, two threads: training steps, generation, masks.</summary>
internal sealed class CausalSubjects : IDisposable
{
    private const int Rows = 8, Length = 256, Vocabulary = 16_000, K = 4, Steps = 2;
    private const int PromptLength = 8, NewTokens = 512, MaskedRowLength = 1025;
    private static readonly CausalColumns s_columns = new(TokenBatches.Tokens, TokenBatches.Mask);
    private readonly TokenBatches _batches;
    private readonly DecoderOptions _shape = DecoderOptions.Gpt2(Vocabulary, Length, width: 256, layers: 4, heads: 4);
    private readonly CausalModel _writer;
    private readonly int[] _prompt = [.. Enumerable.Range(1, PromptLength)];
    private readonly IDataView _masked;

    public CausalSubjects()
    {
        LibTorch.EnsureLoaded();
        set_num_threads(2);
        _batches = new TokenBatches(Rows, Length, Vocabulary, K, Steps);
        var writer = DecoderOptions.Gpt2(1_000, PromptLength + NewTokens, width: 128, layers: 4, heads: 4);
        using var generator = new Generator(1);
        _writer = new CausalModel(new CausalState(writer, TokenBatches.Tokens, Tokens: null, EndIds: [], ScoringBlockSize: 1, Adapters: null), new DecoderNetwork(writer, generator));
        _masked = MaskedRows();
    }

    /// <summary>Training steps, optimiser included.</summary>
    public void Train() => Run((network, generator) => new CausalStep(network, s_columns, new NextTokenCrossEntropy(), generator, () => { }));

    /// <summary>The same with the logits of all tokens.</summary>
    public void TrainEagerly() => Run((network, _) => new EagerHeadStep(network, s_columns));

    /// <summary>A continuation of 512 tokens.</summary>
    public void Generate() => new TokenGeneration(_writer, new GenerationOptions { MaxNewTokens = NewTokens }).Run([_prompt]);

    /// <summary>The same, the whole sequence read for each token.</summary>
    public void GenerateWithoutCache()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = tensor(_prompt.Select(id => (long)id).ToArray()).unsqueeze(0);
        for (int i = 0; i < NewTokens; i++)
        {
            using var step = NewDisposeScope();
            Tensor next = _writer.Network.Logits(_writer.Network.Hidden(ids).select(1, -1)).argmax(-1, keepdim: true);
            ids = cat([ids, next], 1).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The goldfish mask of as many tokens as the training steps have, through a cursor.</summary>
    public void Mask()
    {
        using DataViewRowCursor cursor = _masked.GetRowCursor([_masked.Schema[TokenBatches.Mask]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(_masked.Schema[TokenBatches.Mask]);
        VBuffer<float> mask = default;
        while (cursor.MoveNext())
            getter(ref mask);
    }

    public void Dispose() => _writer.Dispose();

    private static IDataView MaskedRows()
    {
        var random = new Random(1);
        var context = new MLContext(seed: 0);
        IDataView rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, Steps * Rows * Length / (MaskedRowLength - 1))
            .Select(_ => new TokenSequence { Tokens = [.. Enumerable.Range(0, MaskedRowLength).Select(_ => random.Next(Vocabulary))] }).ToArray());
        return context.Transforms.Text.GoldfishMask(TokenBatches.Mask, TokenBatches.Tokens, K, h: 13).Fit(rows).Transform(rows);
    }

    private void Run(Func<DecoderNetwork, Generator, ITrainingStep> step)
    {
        using var generator = new Generator(1);
        using var network = new DecoderNetwork(_shape, generator);
        new TrainingLoop(network, step(network, generator), new TrainingOptions { Epochs = 1 }).Run(_batches);
    }
}
