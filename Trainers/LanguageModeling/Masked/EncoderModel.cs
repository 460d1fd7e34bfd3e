using System.Runtime.InteropServices;
using Microsoft.ML;
using MLNetExt.Columns;
using MLNetExt.Networks;
using MLNetExt.Tokenization;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.LanguageModeling;

/// <summary>A trained encoder with all that it needs to read tokens. Thread-safe.</summary>
internal sealed class EncoderModel : IDisposable
{
    private const string ImportanceName = "tokenImportance";

    private readonly EncoderColumns _columns;
    private readonly Lazy<TextTokenizer?> _tokenizer;

    /// <param name="state">What belongs to the network.</param>
    /// <param name="network">The trained network on the CPU; the model owns it.</param>
    /// <param name="importance">How hard each token was to predict; null when that was not learned.</param>
    public EncoderModel(EncoderState state, EncoderNetwork network, float[]? importance)
    {
        (State, Network, Importance, _columns) = (state, network, importance, state.Columns());
        _tokenizer = new(() => state.Tokens is { } tokens ? Read(tokens) : null);
        network.eval();
        foreach (Tensor parameter in network.parameters())
            parameter.requires_grad_(false);
    }

    public EncoderState State { get; }

    public EncoderNetwork Network { get; }

    public float[]? Importance { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>The tokenizer; null for a model that came without one.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public TextTokenizer? Tokenizer => _tokenizer.Value;

    /// <summary>The weights by name, and the importance of tokens among them; a tensor of that is in the caller's dispose scope.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights => Importance is null
        ? Network.state_dict()
        : Network.state_dict().Append(new(ImportanceName, tensor(Importance)));

    /// <summary>Reads a model.</summary>
    /// <param name="state">What belongs to the network.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="prefix">How the names of those of the encoder begin, where there are others beside them.</param>
    /// <exception cref="InvalidDataException">The state or the weights are damaged.</exception>
    public static EncoderModel Load(EncoderState state, SafetensorsReader weights, string prefix = "")
    {
        state.RequireSound(weights);
        try
        {
            float[]? importance = weights.Contains(prefix + ImportanceName) ? ReadImportance(weights, prefix + ImportanceName, state.Network.VocabularySize) : null;
            EncoderNetwork network = Create(state, (name, tensor) => weights.ReadInto(prefix + name, tensor));
            HashSet<string> known = [prefix + ImportanceName, .. network.state_dict().Keys.Select(name => prefix + name)];
            string? other = weights.Names.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal) && !known.Contains(name));
            if (other is null)
                return new EncoderModel(state, network, importance);
            network.Dispose();
            throw new InvalidDataException($"The model's weights hold '{other}', which its network does not have.");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or ExternalException or OverflowException)
        {
            throw new InvalidDataException($"The model's network cannot be built from its stored settings: {e.Message}");
        }
    }

    /// <summary>A model with weights of its own, copied from a network of its shape on any device.</summary>
    public static EncoderModel Copy(EncoderState state, EncoderNetwork network, float[]? importance)
    {
        Dictionary<string, Tensor> weights = network.state_dict();
        return new EncoderModel(state, Create(state, (name, tensor) => tensor.copy_(weights[name])), importance);
    }

    /// <summary>Writes the model's weights into another network of its shape.</summary>
    public void CopyTo(EncoderNetwork network)
    {
        using var noGradients = no_grad();
        Dictionary<string, Tensor> weights = Network.state_dict();
        foreach ((string name, Tensor tensor) in network.state_dict())
            tensor.copy_(weights[name]);
    }

    /// <summary>Makes sure that the tokenizer of the data is that of the training.</summary>
    /// <exception cref="ArgumentException">It is another, or the data do not say.</exception>
    public void RequireTokenizer(DataViewSchema schema)
    {
        if (State.Tokens is { } tokens)
            TokenAnnotations.RequireSame(schema[State.TokensColumn], tokens.Fingerprint);
    }

    /// <summary>The rows of a batch, each of which the encoder can read.</summary>
    /// <exception cref="InvalidDataException">It cannot; the message names the row.</exception>
    public int[][] Read(TensorBatch batch)
    {
        int[][] rows = Rows(batch.Tokens(_columns.Tokens));
        int[][]? types = _columns.TokenTypes is { } column ? Rows(batch.Tokens(column)) : null;
        for (int i = 0; i < rows.Length; i++)
        {
            long row = (batch.FirstRow ?? 0) + i;
            EncoderCheck.Tokens(rows[i], _columns.Tokens, State.Network.VocabularySize, State.Network.ContextLength, row);
            if (types is not null)
                EncoderCheck.Types(types[i], rows[i].Length, _columns.TokenTypes!, _columns.Tokens, State.Network.TokenTypes, row);
        }

        return rows;
    }

    /// <summary>One vector for each row of a batch, <c>[rows, width]</c> in the caller's dispose scope; NaN for a row without tokens.</summary>
    public Tensor Embeddings(TensorBatch batch)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        EncoderRows rows = _columns.Read(batch);
        long[] lengths = batch.Tokens(_columns.Tokens).Lengths.data<long>().ToArray();
        Tensor result = zeros(lengths.Length, Network.Options.Transformer.Width);
        foreach (int[] part in LikeLengths.Of(lengths))
        {
            using var inner = NewDisposeScope();
            using Tensor index = tensor(Array.ConvertAll(part, i => (long)i));
            long longest = Math.Max(1, part.Max(i => lengths[i]));
            Tensor Cut(Tensor tensor) => tensor.index_select(0, index).narrow(1, 0, longest);
            Tensor isToken = Cut(rows.IsToken);
            Tensor last = Network.Hidden(Cut(rows.Ids), isToken, rows.Types is null ? null : Cut(rows.Types)).Last;
            result.index_copy_(0, index, State.Pooling.Apply(last, isToken));
        }

        return result.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        IsDisposed = true;
        Network.Dispose();
    }

    /// <summary>Reading it takes longer than the rest of a model, and embeddings do not need it.</summary>
    private static TextTokenizer Read(TokenColumnInfo tokens)
    {
        TextTokenizer tokenizer = TextTokenizer.FromJson(tokens.TokenizerJson);
        return tokenizer.VocabularySize == tokens.VocabularySize
            ? tokenizer
            : throw new InvalidDataException($"The model's tokenizer has {tokenizer.VocabularySize} tokens, but the model was made for {tokens.VocabularySize}.");
    }

    private static int[][] Rows(TokenRows rows)
    {
        long[] ids = rows.Ids.data<long>().ToArray(), lengths = rows.Lengths.data<long>().ToArray();
        int longest = (int)rows.Ids.shape[1];
        return [.. lengths.Select((length, i) => Array.ConvertAll(ids[(i * longest)..(i * longest + (int)length)], id => (int)id))];
    }

    private static float[] ReadImportance(SafetensorsReader weights, string name, int vocabularySize)
    {
        using Tensor stored = weights.Read(name);
        return stored.dim() == 1 && stored.shape[0] == vocabularySize && stored.dtype == ScalarType.Float32
            ? stored.data<float>().ToArray()
            : throw new InvalidDataException($"The model is damaged: its {ImportanceName} must be {vocabularySize} numbers.");
    }

    /// <summary>A network on the CPU with the weights that <paramref name="fill"/> writes.</summary>
    private static EncoderNetwork Create(EncoderState state, Action<string, Tensor> fill)
    {
        using var generator = new Generator(0);
        var network = new EncoderNetwork(state.Network, generator);
        try
        {
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
}
