using MLNetExt.Classification;
using MLNetExt.Networks;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;

namespace MLNetExt.Tests.Classification;

[TestClass]
public sealed class LinearSquentropyTests : SquentropyContract
{
    protected override void Configure(SquentropyOptions options) => options.HiddenLayers = 0;
}

[TestClass]
public sealed class PerceptronSquentropyTests : SquentropyContract
{
    protected override void Configure(SquentropyOptions options)
    {
        (options.HiddenSizes, options.Dropout, options.BatchNormalization) = ([16, 8], 0.2, true);
        (options.ValidationFraction, options.TemperatureScaling, options.Activation) = (0.2, true, Activation.Tanh);
    }

    protected override IReadOnlyDictionary<string, string> RequiredColumns => new Dictionary<string, string>(base.RequiredColumns) { ["Weight"] = "a number" };

    protected override SquentropyOptions Options()
    {
        SquentropyOptions options = base.Options();
        options.ExampleWeightColumnName = "Weight";
        return options;
    }

    protected override IEnumerable<BadRow<LabelledRow>> BadRows =>
    [
        .. base.BadRows,
        new("a negative weight", "Weight", r => r.Weight = -1),
        new("a weight that is NaN", "Weight", r => r.Weight = float.NaN),
    ];
}

[TestClass]
public sealed class SparseSquentropyTests : SquentropyContract
{
    protected override int Width => 300;

    protected override int PredictionsForMemory => 5_000;

    protected override LabelledRow[] Rows() => Blobs.Sparse(90, Width);

    protected override void Configure(SquentropyOptions options) => options.HiddenLayers = 1;
}

[TestClass]
public sealed class UserNetworkSquentropyTests : SquentropyContract
{
    protected override int PredictionsForMemory => 5_000;

    protected override void Configure(SquentropyOptions options) => options.Network = new UserNetwork();
}
