using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>From tokens to the logits of classes: an encoder, the pooling of its tokens' vectors, and a linear head for each label.</summary>
/// <remarks>A head starts at zero, as logistic regression does: the first predictions are uniform, and what the encoder has learned is not disturbed by a random one.</remarks>
internal sealed class TextClassifierNetwork : nn.Module
{
    /// <summary>How the names of the encoder's weights begin.</summary>
    public const string EncoderPrefix = nameof(encoder) + ".";

    private readonly EncoderPooling _pooling;
    private readonly EncoderNetwork encoder;
    private readonly SeededDropout dropout;
    private readonly ModuleList<LinearLayer> heads;

    /// <param name="encoder">The encoder; the network owns it.</param>
    /// <param name="pooling">How its tokens' vectors become one.</param>
    /// <param name="classCounts">The number of classes of each label.</param>
    /// <param name="headDropout">The share of that vector that is dropped in training.</param>
    /// <param name="generator">Draws what is dropped; the network does not own it.</param>
    public TextClassifierNetwork(EncoderNetwork encoder, EncoderPooling pooling, IEnumerable<int> classCounts, double headDropout, Generator generator)
        : base(nameof(TextClassifierNetwork))
    {
        (_pooling, this.encoder) = (pooling, encoder);
        encoder.FreezeHeads();
        dropout = new SeededDropout(headDropout, generator);
        heads = nn.ModuleList(classCounts.Select(count => CreateHead(encoder.Options.Transformer.Width, count, generator)).ToArray());
        RegisterComponents();
    }

    public EncoderNetwork Encoder => encoder;

    /// <summary>A head whose weights are zero.</summary>
    public static LinearLayer CreateHead(int width, int size, Generator generator) => new(width, size, deviation: 0, generator);

    /// <summary>How the names of a head's weights begin.</summary>
    public static string HeadPrefix(int head) => $"{nameof(heads)}.{head}.";

    /// <summary>The logits of each label, <c>[rows, classes]</c>.</summary>
    public IReadOnlyList<Tensor> Forward(EncoderRows rows)
    {
        Tensor embeddings = dropout.forward(_pooling.Apply(encoder.Hidden(rows.Ids, rows.IsToken, rows.Types).Last, rows.IsToken));
        return [.. heads.Select(head => head.forward(embeddings))];
    }

    /// <summary>Takes the encoder out of training.</summary>
    public void FreezeEncoder()
    {
        foreach (Tensor parameter in encoder.parameters())
            parameter.requires_grad_(false);
    }

    /// <summary>How the optimiser treats a parameter: matrices decay, and the encoder's blocks may learn the slower the farther they are from the head.</summary>
    /// <param name="name">The parameter's name here.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="encoderFactor">What multiplies the learning rate of the encoder.</param>
    /// <param name="decay">What multiplies it from each block to the one before.</param>
    public ParameterGroup Group(string name, Tensor parameter, double encoderFactor, double decay)
    {
        ParameterGroup group = ParameterGroup.ByShape(name, parameter);
        return name.StartsWith(EncoderPrefix, StringComparison.Ordinal)
            ? group with { LearningRateFactor = encoderFactor * Math.Pow(decay, HeadDistance.Blocks(name[EncoderPrefix.Length..], encoder.Options.Transformer.Layers)) }
            : group;
    }
}
