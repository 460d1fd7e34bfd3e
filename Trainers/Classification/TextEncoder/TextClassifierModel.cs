using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>A trained text classifier: encoder, head and classes. Thread-safe.</summary>
internal sealed class TextClassifierModel : IDisposable
{
    private const string EncoderPrefix = "encoder.", HeadPrefix = "head.";

    private readonly LinearLayer _head;
    private readonly IReadOnlySet<int> _emptyIds;

    private TextClassifierModel(TextEncoderClassifierState state, EncoderModel encoder, LinearLayer head) =>
        (State, Encoder, _head, _emptyIds) = (state, encoder, head, state.Encoder.EmptyIds());

    public TextEncoderClassifierState State { get; }

    public EncoderModel Encoder { get; }

    public int Width => State.Encoder.Network.Transformer.Width;

    /// <summary>The weights by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights =>
        Encoder.Weights.Select(w => KeyValuePair.Create(EncoderPrefix + w.Key, w.Value)).Concat(_head.state_dict().Select(w => KeyValuePair.Create(HeadPrefix + w.Key, w.Value)));

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The state or the weights are damaged.</exception>
    public static TextClassifierModel Load(TextEncoderClassifierState state, SafetensorsReader weights)
    {
        state.RequireSound(weights, HeadPrefix + "bias");
        if (weights.Names.FirstOrDefault(name => !name.StartsWith(EncoderPrefix, StringComparison.Ordinal) && name is not (HeadPrefix + "weight" or HeadPrefix + "bias")) is { } other)
            throw new InvalidDataException($"The model's weights hold '{other}', which its network does not have.");
        EncoderModel encoder = EncoderModel.Load(state.Encoder, weights, EncoderPrefix);
        try
        {
            return new TextClassifierModel(state, encoder, CreateHead(state, (name, tensor) => weights.ReadInto(HeadPrefix + name, tensor)));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>A model with weights of its own, copied from a network on any device.</summary>
    public static TextClassifierModel Copy(TextEncoderClassifierState state, TextClassifierNetwork network)
    {
        Dictionary<string, Tensor> head = network.Head.state_dict();
        return new TextClassifierModel(state, EncoderModel.Copy(state.Encoder, network.Encoder, importance: null), CreateHead(state, (name, tensor) => tensor.copy_(head[name])));
    }

    /// <summary>The probabilities of the classes, <c>[rows, classes]</c>; NaN for a row of special tokens alone.</summary>
    /// <param name="rows">The rows' tokens.</param>
    /// <param name="embeddings">What the encoder made of them.</param>
    public Tensor Probabilities(int[][] rows, Tensor embeddings)
    {
        bool[] isEmpty = [.. rows.Select(row => EncoderCheck.IsEmpty(row, _emptyIds))];
        Tensor logits = _head.forward(embeddings.PadRows()).narrow(0, 0, rows.Length).FillWhere(tensor(isEmpty).unsqueeze(1), float.NaN);
        return nn.functional.softmax(logits / State.Temperature, 1);
    }

    public void Dispose()
    {
        Encoder.Dispose();
        _head.Dispose();
    }

    private static LinearLayer CreateHead(TextEncoderClassifierState state, Action<string, Tensor> fill)
    {
        using var generator = new Generator(0);
        using var noGradients = no_grad();
        LinearLayer head = TextClassifierNetwork.CreateHead(state.Encoder.Network.Transformer.Width, state.ClassCount, generator);
        try
        {
            foreach ((string name, Tensor weights) in head.state_dict())
                fill(name, weights.requires_grad_(false).DetachFromDisposeScope());
            return head;
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }
}
