using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>A trained text classifier: encoder, heads and classes. Thread-safe.</summary>
internal sealed class TextClassifierModel : IDisposable
{
    private readonly IReadOnlyList<LinearLayer> _heads;
    private readonly IReadOnlySet<int> _emptyIds;

    private TextClassifierModel(TextEncoderClassifierState state, EncoderModel encoder, IReadOnlyList<LinearLayer> heads) =>
        (State, Encoder, _heads, _emptyIds) = (state, encoder, heads, state.Encoder.EmptyIds());

    public TextEncoderClassifierState State { get; }

    public EncoderModel Encoder { get; }

    public int Width => State.Encoder.Network.Transformer.Width;

    /// <summary>The weights by name, as the network that is trained has them.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights =>
        Encoder.Weights.Select(w => KeyValuePair.Create(TextClassifierNetwork.EncoderPrefix + w.Key, w.Value)).Concat(_heads.SelectMany(Named));

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The state or the weights are damaged.</exception>
    public static TextClassifierModel Load(TextEncoderClassifierState state, SafetensorsReader weights)
    {
        state.RequireSound(weights);
        EncoderModel encoder = EncoderModel.Load(state.Encoder, weights, TextClassifierNetwork.EncoderPrefix);
        TextClassifierModel? model = null;
        try
        {
            model = new TextClassifierModel(state, encoder, CreateHeads(state, weights.ReadInto));
            return weights.Names.Except(model.Weights.Select(w => w.Key)).FirstOrDefault() is { } other
                ? throw new InvalidDataException($"The model's weights hold '{other}', which its network does not have.")
                : model;
        }
        catch
        {
            encoder.Dispose();
            foreach (LinearLayer head in model?._heads ?? [])
                head.Dispose();
            throw;
        }
    }

    /// <summary>A model with weights of its own, copied from a network on any device.</summary>
    public static TextClassifierModel Copy(TextEncoderClassifierState state, TextClassifierNetwork network)
    {
        Dictionary<string, Tensor> weights = network.state_dict();
        return new TextClassifierModel(state, EncoderModel.Copy(state.Encoder, network.Encoder, importance: null), CreateHeads(state, (name, tensor) => tensor.copy_(weights[name])));
    }

    /// <summary>The probabilities of the classes of a label, <c>[rows, classes]</c>, or of each of its tags; NaN for a row of special tokens alone.</summary>
    /// <param name="head">The label.</param>
    /// <param name="rows">The rows' tokens.</param>
    /// <param name="embeddings">What the encoder made of them.</param>
    public Tensor Probabilities(int head, int[][] rows, Tensor embeddings)
    {
        bool[] isEmpty = [.. rows.Select(row => EncoderCheck.IsEmpty(row, _emptyIds))];
        Tensor logits = _heads[head].forward(embeddings.PadRows()).narrow(0, 0, rows.Length).FillWhere(tensor(isEmpty).unsqueeze(1), float.NaN);
        logits /= State.Heads[head].Temperature;
        return State.Heads[head].IsMultiLabel ? sigmoid(logits) : nn.functional.softmax(logits, 1);
    }

    public void Dispose()
    {
        Encoder.Dispose();
        foreach (LinearLayer head in _heads)
            head.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(LinearLayer head, int place) =>
        head.state_dict().Select(w => KeyValuePair.Create(TextClassifierNetwork.HeadPrefix(place) + w.Key, w.Value));

    private static List<LinearLayer> CreateHeads(TextEncoderClassifierState state, Action<string, Tensor> fill)
    {
        using var generator = new Generator(0);
        using var noGradients = no_grad();
        List<LinearLayer> heads = [];
        try
        {
            foreach (TextClassifierHead head in state.Heads)
            {
                heads.Add(TextClassifierNetwork.CreateHead(state.Encoder.Network.Transformer.Width, head.ClassCount, generator));
                foreach ((string name, Tensor weights) in Named(heads[^1], heads.Count - 1))
                    fill(name, weights.requires_grad_(false).DetachFromDisposeScope());
            }

            return heads;
        }
        catch
        {
            heads.ForEach(head => head.Dispose());
            throw;
        }
    }
}
