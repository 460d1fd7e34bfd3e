using System.Runtime.InteropServices;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Objectives;
using MLNetExt.Tokenization;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>A trained language model with all that it needs to score and to continue tokens. Thread-safe.</summary>
internal sealed class CausalModel : IDisposable
{
    private const string StartRole = "bos";

    private static readonly NextTokenCrossEntropy s_objective = new(CausalColumns.NoTarget);
    private readonly Lazy<BytePairTokenizer?> _tokenizer;

    /// <param name="state">What belongs to the network.</param>
    /// <param name="network">The trained network on the CPU; the model owns it.</param>
    public CausalModel(CausalState state, DecoderNetwork network)
    {
        State = state;
        Network = network;
        _tokenizer = new(() => state.Tokens is { } tokens ? Read(tokens) : null);
        network.eval();
        foreach (Tensor parameter in network.parameters())
            parameter.requires_grad_(false);
    }

    public CausalState State { get; }

    public DecoderNetwork Network { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>The tokenizer; null for a model that came without one.</summary>
    public BytePairTokenizer? Tokenizer => _tokenizer.Value;

    private int ContextLength => Network.Options.ContextLength;

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The state or the weights are damaged.</exception>
    public static CausalModel Load(CausalState state, SafetensorsReader weights)
    {
        state.RequireSound(weights);
        try
        {
            DecoderNetwork network = Create(state, weights.ReadInto);
            string? other = weights.Names.Except(network.state_dict().Keys).FirstOrDefault();
            if (other is null)
                return new CausalModel(state, network);
            network.Dispose();
            throw new InvalidDataException($"The model's weights hold '{other}', which its network does not have.");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ExternalException or OverflowException)
        {
            throw new InvalidDataException($"The model's network cannot be built from its stored settings: {e.Message}");
        }
    }

    /// <summary>A model with weights of its own, copied from a network on any device; the network's adapters are merged unless the state has them.</summary>
    public static CausalModel Copy(CausalState state, DecoderNetwork network)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = state.Adapters is null ? network.MergedWeights() : network.state_dict();
        return new CausalModel(state, Create(state, (name, tensor) => tensor.copy_(weights[name])));
    }

    /// <summary>Writes one network's weights into another of its shape.</summary>
    /// <remarks>What adapters of the first add becomes part of the weights.</remarks>
    public static void CopyWeights(DecoderNetwork from, DecoderNetwork to)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Dictionary<string, Tensor> weights = from.MergedWeights();
        foreach ((string name, Tensor tensor) in to.state_dict())
            tensor.copy_(weights[name]);
    }

    /// <summary>The negative log-likelihood of each row's tokens, the first of which is given, in nats. A row that is longer than the context is read in
    /// windows, each of which begins with the last token of the one before.</summary>
    public float[] NegativeLogLikelihoods(TokenRows rows)
    {
        using var scope = NewDisposeScope();
        return LogProbabilities(rows).sum(dim: 1).neg_().to(ScalarType.Float32).data<float>().ToArray();
    }

    /// <summary>The log-probabilities of each sequence's tokens but its first.</summary>
    public float[][] LogProbabilities(IReadOnlyList<int[]> sequences)
    {
        Check(sequences);
        var result = new float[sequences.Count][];
        // Sequences of like length together: little of what is computed is padding.
        int[] order = [.. Enumerable.Range(0, sequences.Count).OrderBy(i => sequences[i].Length)];
        foreach (int[] part in order.Chunk(State.ScoringBlockSize))
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            int[][] block = [.. part.Select(i => sequences[i])];
            Tensor scores = LogProbabilities(PaddedTokens.AtEnd(block));
            float[] values = scores.contiguous().data<float>().ToArray();
            int width = (int)scores.shape[1];
            for (int row = 0; row < part.Length; row++)
                result[part[row]] = values.AsSpan(row * width, block[row].Length - 1).ToArray();
        }

        return result;
    }

    /// <summary>Makes sure that the model reads and writes text.</summary>
    /// <exception cref="InvalidOperationException">It came without a tokenizer.</exception>
    /// <exception cref="InvalidDataException">Its tokenizer is damaged.</exception>
    public void RequireTokenizer()
    {
        if (Tokenizer is null)
            throw new InvalidOperationException("The model has no tokenizer: use Generate with token ids, or train with a column of Text.TokenizeBytePairs.");
    }

    /// <inheritdoc cref="BytePairTokenizer.EncodePrompt"/>
    public int[] EncodePrompt(string text) => Tokenizer!.EncodePrompt(text);

    /// <summary>The ids of a text that continues another: without the tokens that a tokenizer may set around texts.</summary>
    public int[] EncodeCompletion(string text)
    {
        int[] ids = EncodePrompt(text);
        return ids.Length > 0 && Tokenizer!.SpecialTokens.TryGetValue(StartRole, out int start) && ids[0] == start ? ids[1..] : ids;
    }

    /// <summary>The text of ids. Those behind the tokenizer's, by which published networks are padded, have none.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        BytePairTokenizer tokenizer = Tokenizer!;
        return ids.IndexOfAnyExceptInRange(0, tokenizer.VocabularySize - 1) < 0
            ? tokenizer.Decode(ids)
            : tokenizer.Decode([.. ids.ToArray().Where(id => id < tokenizer.VocabularySize)]);
    }

    public void Dispose()
    {
        IsDisposed = true;
        Network.Dispose();
    }

    /// <summary>Reading it takes longer than the rest of a model, and scores do not need it.</summary>
    private static BytePairTokenizer Read(TokenColumnInfo tokens)
    {
        BytePairTokenizer tokenizer = BytePairTokenizer.FromJson(tokens.TokenizerJson);
        return tokenizer.VocabularySize == tokens.VocabularySize
            ? tokenizer
            : throw new InvalidDataException($"The model's tokenizer has {tokenizer.VocabularySize} tokens, but the model was made for {tokens.VocabularySize}.");
    }

    /// <summary>A network on the CPU with the weights that <paramref name="fill"/> writes.</summary>
    private static DecoderNetwork Create(CausalState state, Action<string, Tensor> fill)
    {
        using var generator = new Generator(0);
        var network = new DecoderNetwork(state.Network, generator);
        try
        {
            if (state.Adapters is { } adapters)
                network.AddAdapters(adapters);
            using var noGradients = no_grad();
            foreach ((string name, Tensor weights) in network.state_dict())
                fill(name, weights.DetachFromDisposeScope());
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Float32 <c>[rows, longest - 1]</c>; 0 where there is no token.</summary>
    private Tensor LogProbabilities(TokenRows rows)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        long length = rows.Ids.shape[1] - 1;
        Tensor targets = rows.Ids.FillWhere(rows.Mask().logical_not(), CausalColumns.NoTarget);
        List<Tensor> windows = [];
        for (long start = 0; start < length; start += ContextLength)
        {
            long width = Math.Min(ContextLength, length - start);
            Tensor hidden = Network.Hidden(rows.Ids.narrow(1, start, width));
            windows.Add(s_objective.LogProbabilities(hidden, Network.HeadWeight, targets.narrow(1, start + 1, width)));
        }

        return windows.Count == 0 ? zeros([rows.Ids.shape[0], 0]) : cat(windows, dim: 1);
    }

    private void Check(IReadOnlyList<int[]> sequences)
    {
        for (int i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].Length == 0)
                throw new ArgumentException($"Sequence {i} is empty: there is nothing to score.", nameof(sequences));
            if (sequences[i].Length > ContextLength)
                throw new ArgumentException($"Sequence {i} has {sequences[i].Length} tokens, but the model reads {ContextLength}: score it in windows.", nameof(sequences));
            if (sequences[i].AsSpan().IndexOfAnyExceptInRange(0, Network.Options.VocabularySize - 1) is >= 0 and var bad)
                throw new ArgumentException($"Sequence {i} has the id {sequences[i][bad]} in slot {bad}, which is not in the vocabulary of {Network.Options.VocabularySize} tokens.", nameof(sequences));
        }
    }
}
