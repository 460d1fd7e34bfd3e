namespace MLNetExt.Networks;

/// <summary>The shape of a multi-layer perceptron.</summary>
/// <param name="InputSize">The number of features.</param>
/// <param name="HiddenSizes">The width of each hidden layer; empty for a linear network.</param>
/// <param name="OutputSize">The number of outputs.</param>
/// <param name="Activation">The non-linearity after each hidden layer.</param>
/// <param name="BatchNormalization">Whether each hidden layer's sums are batch-normalised before the non-linearity (arXiv 1502.03167).</param>
/// <param name="Dropout">The share of each hidden layer's outputs that is zeroed in training, in [0, 1).</param>
public sealed record MlpOptions(
    int InputSize,
    IReadOnlyList<int> HiddenSizes,
    int OutputSize,
    Activation Activation = Activation.Relu,
    bool BatchNormalization = false,
    double Dropout = 0);
