using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Training;
using static TorchSharp.torch;

namespace MLNetExt.Classification;

/// <summary>From tokens to the logits of classes: an encoder, the pooling of its tokens' vectors, and a linear head.</summary>
/// <remarks>The head starts at zero, as logistic regression does: the first predictions are uniform, and what the encoder has learned is not disturbed by a random one.</remarks>
internal sealed class TextClassifierNetwork : nn.Module
{
    private readonly EncoderPooling _pooling;
    private readonly EncoderNetwork encoder;
    private readonly SeededDropout dropout;
    private readonly LinearLayer head;

    /// <param name="encoder">The encoder; the network owns it.</param>
    /// <param name="pooling">How its tokens' vectors become one.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="headDropout">The share of that vector that is dropped in training.</param>
    /// <param name="generator">Draws what is dropped; the network does not own it.</param>
    public TextClassifierNetwork(EncoderNetwork encoder, EncoderPooling pooling, int classCount, double headDropout, Generator generator)
        : base(nameof(TextClassifierNetwork))
    {
        (_pooling, this.encoder) = (pooling, encoder);
        encoder.FreezeHeads();
        dropout = new SeededDropout(headDropout, generator);
        head = CreateHead(encoder.Options.Transformer.Width, classCount, generator);
        RegisterComponents();
    }

    public EncoderNetwork Encoder => encoder;

    public LinearLayer Head => head;

    /// <summary>A head whose weights are zero.</summary>
    public static LinearLayer CreateHead(int width, int classCount, Generator generator) => new(width, classCount, deviation: 0, generator);

    /// <summary>The logits, <c>[rows, classes]</c>.</summary>
    public Tensor Forward(EncoderRows rows) =>
        head.forward(dropout.forward(_pooling.Apply(encoder.Hidden(rows.Ids, rows.IsToken, rows.Types).Last, rows.IsToken)));

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
        const string Prefix = nameof(encoder) + ".";
        ParameterGroup group = ParameterGroup.ByShape(name, parameter);
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            ? group with { LearningRateFactor = encoderFactor * Math.Pow(decay, HeadDistance.Blocks(name[Prefix.Length..], encoder.Options.Transformer.Layers)) }
            : group;
    }
}
