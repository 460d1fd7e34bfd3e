using System.Text.Json.Serialization;
using Microsoft.ML.SearchSpace;
using MLNetExt.LanguageModeling;
using MLNetExt.Networks;
using MLNetExt.Training;
using static MLNetExt.Training.OptionsCheck;

namespace MLNetExt.Contrastive;

/// <summary>One side of a two-tower network.</summary>
public sealed class TowerOptions
{
    /// <summary>The network.</summary>
    public TowerKind Kind { get; set; } = TowerKind.Auto;

    /// <summary>The width: hidden units of a perceptron or hashing bag, channels of a ResNet's first stage, model width of a transformer.
    /// 0 for the kind's own: 256, 128, 32 and 128.</summary>
    public int Width { get; set; }

    /// <summary>The depth: hidden layers of a perceptron, residual blocks a stage of a ResNet, layers of a transformer. 0 for the kind's
    /// own: 1, 1, and 4 for images or 2 for text.</summary>
    public int Depth { get; set; }

    /// <summary>Attention heads of a transformer; they must divide its width.</summary>
    public int Heads { get; set; } = 4;

    /// <summary>Height and width in pixels of a <see cref="TowerKind.VisionTransformer"/>'s patches; it must divide those of the image.</summary>
    public int PatchSize { get; set; } = 8;

    /// <summary>Tokens of a row that a text transformer reads; the rest is cut.</summary>
    public int MaxTokens { get; set; } = 64;

    /// <summary>A hashing bag has 2 to this power buckets; 8 to 24.</summary>
    public int HashBits { get; set; } = 15;

    /// <summary>The share of hidden units that is dropped in training; in [0, 1).</summary>
    [Range(0.0, 0.5, 0.0)]
    public double Dropout { get; set; }

    /// <summary>Whether training sees images mirrored left to right half of the time.</summary>
    public bool FlipImages { get; set; }

    /// <summary>By how many pixels training shifts images at most, in each direction; at least 0.</summary>
    public int ShiftPixels { get; set; }

    /// <summary>Whether a perceptron or linear tower brings its features to one scale, stored in the model: dense ones to mean 0 and
    /// deviation 1, sparse ones to largest magnitude 1.</summary>
    public bool Standardize { get; set; } = true;

    /// <summary>What multiplies the learning rate for this tower; at least 0. The paper takes 0.1 for a pre-trained image tower.</summary>
    public double LearningRateFactor { get; set; } = 1;

    /// <summary>What multiplies the weight decay for this tower; at least 0. The paper takes 0 for a pre-trained image tower.</summary>
    public double WeightDecayFactor { get; set; } = 1;

    /// <summary>A network of your own, for vectors, images or tokens: an object of a class that carries
    /// <see cref="MLNetExt.Components.LoadableComponentAttribute"/>.</summary>
    /// <remarks>It gets vectors as float32 <c>[rows, width]</c>, images as float32 <c>[rows, 3, height, width]</c> in [0, 1], tokens as int64
    /// <c>[rows, longest]</c> padded with 0; its input size is the width, 3 x height x width, or the vocabulary size.</remarks>
    [JsonIgnore]
    public INetworkFactory? Network { get; set; }

    /// <summary>A trained tower to begin with, or to lock: <c>Left</c> or <c>Right</c> of a fitted model. Everything else but <see cref="IsLocked"/> and the two factors is then its own.</summary>
    [JsonIgnore]
    public EmbeddingTransformer? Pretrained { get; set; }

    /// <summary>A text encoder to begin with, for tokens of its tokenizer: of <c>ml.LanguageModeling.Trainers.Masked</c>, or read from a Hugging Face directory. A new linear
    /// layer follows, and both are trained; Fit does not change this one. Sizes and pooling are then its own, and rows are cut at its positions;
    /// what of it is dropped in training says <see cref="Dropout"/>, 0 by default.</summary>
    [JsonIgnore]
    public MaskedLanguageModelTransformer? Encoder { get; set; }

    /// <summary>Whether <see cref="Pretrained"/> stays as it is (SigLiT): its embeddings are computed once, on the CPU, and kept in memory.</summary>
    public bool IsLocked { get; set; }

    /// <summary>A digest of the weights that the tower begins with.</summary>
    internal string StartDigest => Pretrained is not null ? WeightDigest.Of(Pretrained.Model.Weights.Values)
        : Encoder is not null ? WeightDigest.Of(Encoder.Model.Network.state_dict().Values)
        : "null";

    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The encoder was disposed.</exception>
    internal void Validate(string side)
    {
        Require(Enum.IsDefined(Kind), Kind, "one of the kinds of tower");
        Require(Width >= 0, Width, "at least 0");
        Require(Depth >= 0, Depth, "at least 0");
        Require(Heads >= 1, Heads, "at least 1");
        Require(PatchSize >= 1, PatchSize, "at least 1");
        Require(MaxTokens >= 1, MaxTokens, "at least 1");
        Require(HashBits is >= 8 and <= 24, HashBits, "in 8 to 24");
        Require(Dropout is >= 0 and < 1, Dropout, "in [0, 1)");
        Require(ShiftPixels >= 0, ShiftPixels, "at least 0");
        Require(LearningRateFactor >= 0 && double.IsFinite(LearningRateFactor), LearningRateFactor, "at least 0");
        Require(WeightDecayFactor >= 0 && double.IsFinite(WeightDecayFactor), WeightDecayFactor, "at least 0");
        if (IsLocked && Pretrained is null)
            throw new ArgumentException($"{side}.IsLocked needs {side}.Pretrained: a tower that was never trained has nothing to keep.");
        if (Kind == TowerKind.Custom != Network is not null)
            throw new ArgumentException($"{side}.Kind is {Kind} and {side}.Network is {(Network is null ? "not set" : "set")}: {TowerKind.Custom} and a Network go together.");
        if (Kind == TowerKind.Encoder ? Encoder is null : Encoder is not null && Kind != TowerKind.Auto)
            throw new ArgumentException($"{side}.Kind is {Kind} and {side}.Encoder is {(Encoder is null ? "not set" : "set")}: {TowerKind.Encoder} and an Encoder go together.");
        if (Encoder is not null && Pretrained is not null)
            throw new ArgumentException($"{side}.Encoder and {side}.Pretrained are both set: a tower begins with one of them.");
        ObjectDisposedException.ThrowIf(Encoder is { Model.IsDisposed: true }, typeof(MaskedLanguageModelTransformer));
    }
}
