namespace MLNetExt.Networks;

/// <summary>The shape of a multi-layer perceptron.</summary>
/// <param name="InputSize">The number of features.</param>
/// <param name="HiddenSizes">The width of each hidden layer; empty for a linear network.</param>
/// <param name="OutputSize">The number of outputs.</param>
/// <param name="Activation">The non-linearity after each hidden layer.</param>
/// <param name="BatchNormalization">Whether each hidden layer's sums are batch-normalised before the non-linearity (arXiv 1502.03167).</param>
/// <param name="Dropout">The share of each hidden layer's outputs that is zeroed in training, in [0, 1).</param>
/// <param name="LinearStartsAtZero">Whether a linear network's weights start at zero, as logistic regression's do; otherwise they are drawn.</param>
public sealed record MlpOptions(
    int InputSize,
    IReadOnlyList<int> HiddenSizes,
    int OutputSize,
    Activation Activation = Activation.Relu,
    bool BatchNormalization = false,
    double Dropout = 0,
    bool LinearStartsAtZero = true)
{
    /// <summary>The number of weights, normalisation aside.</summary>
    internal Int128 WeightCount
    {
        get
        {
            Int128 weights = 0, inputs = InputSize;
            foreach (int outputs in HiddenSizes.Append(OutputSize))
            {
                weights += (inputs + 1) * outputs;
                inputs = outputs;
            }

            return weights;
        }
    }
}
