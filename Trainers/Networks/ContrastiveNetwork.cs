using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetExt.Networks;

/// <summary>Two towers, and the two numbers that turn a cosine into a logit: t · cos + b with t = exp(t').</summary>
internal sealed class ContrastiveNetwork : nn.Module
{
    private readonly Tower left;
    private readonly Tower right;
    private readonly Parameter log_temperature;
    private readonly Parameter bias;

    public ContrastiveNetwork(Tower left, Tower right, double temperature, double bias, bool learnBias)
        : base(nameof(ContrastiveNetwork))
    {
        this.left = left;
        this.right = right;
        log_temperature = new Parameter(tensor((float)Math.Log(temperature)));
        this.bias = new Parameter(tensor((float)bias), requires_grad: learnBias);
        RegisterComponents();
    }

    public Tower Left => left;

    public Tower Right => right;

    /// <summary>t', a scalar.</summary>
    public Tensor LogTemperature => log_temperature;

    /// <summary>b, a scalar.</summary>
    public Tensor Bias => bias;

    /// <summary>Whether a parameter's name is of the left tower.</summary>
    public static bool IsLeft(string parameter) => parameter.StartsWith(nameof(left) + ".", StringComparison.Ordinal);

    /// <summary>Whether a parameter's name is of the right tower.</summary>
    public static bool IsRight(string parameter) => parameter.StartsWith(nameof(right) + ".", StringComparison.Ordinal);
}
