using MLNetExt.Classification;
using MLNetExt.Components;
using MLNetExt.Networks;
using MLNetExt.Tests.ChildProcess;
using MLNetExt.Tests.Contract;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Classification;

/// <summary>Networks of the user's own that cannot be used are refused, before training and with the reason.</summary>
[TestClass]
public sealed class UserNetworkTests
{
    [TestMethod]
    public void A_factory_that_holds_a_delegate_is_refused() =>
        Refused(new DelegateFactory { Build = (i, o) => nn.Linear(i, o) }, nameof(DelegateFactory), "a lambda cannot be saved");

    [TestMethod]
    public void A_factory_with_hidden_state_is_refused() => Refused(new HiddenStateFactory(7), "does not survive being saved");

    [TestMethod]
    public void A_class_that_is_not_marked_is_refused() => Refused(new UnmarkedFactory(), "[LoadableComponent(");

    [TestMethod]
    public void A_network_of_the_wrong_output_size_is_refused() => Refused(new WrongSizeFactory(), "gives [2, 4] for [2, 6]", "must give [2, 3]");

    [TestMethod]
    public void The_global_generator_is_left_alone_and_does_not_matter()
    {
        float[] Train(ulong globalSeed)
        {
            manual_seed((long)globalSeed);
            using Tensor before = get_rng_state();
            using SquentropyTransformer model = ClassifierData.Fit(ClassifierData.Quick(o => o.Network = new UserNetwork { Dropout = 0.5 }), Blobs.Dense(60));
            using Tensor after = get_rng_state();
            Assert.IsTrue(before.Equals(after), "training moved torch's global generator");
            return [.. ClassifierData.Scores(model, Blobs.Dense(12)).SelectMany(s => s)];
        }

        CollectionAssert.AreEqual(Train(1), Train(2));
    }

    [TestMethod]
    public void Settings_of_the_network_are_part_of_a_resumed_run()
    {
        using var folder = new Contract.TemporaryFolder();
        SquentropyOptions Options(int hidden) => ClassifierData.Quick(o =>
        {
            o.Network = new UserNetwork { Hidden = hidden };
            (o.Training.CheckpointFolder, o.Training.Resume) = (folder.Path, true);
        });
        ClassifierData.Fit(Options(8), Blobs.Dense(30)).Dispose();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ClassifierData.Fit(Options(9), Blobs.Dense(30)));
        Assert.Contains("Network", error.Message);
    }

    [TestMethod]
    [DataRow("SquareWeight")]
    [DataRow("HiddenUnits")]
    [DataRow("ClassWeights")]
    [DataRow("LabelSmoothing")]
    [DataRow("TrueClassTarget")]
    [DataRow("Standardize")]
    public void Other_options_are_part_of_a_resumed_run(string name)
    {
        using var folder = new Contract.TemporaryFolder();
        SquentropyOptions Options() => ClassifierData.Quick(o =>
        {
            (o.ValidationFraction, o.HiddenLayers) = (0.2, 1);
            (o.Training.CheckpointFolder, o.Training.Resume) = (folder.Path, true);
        });
        ClassifierData.Fit(Options(), Blobs.Dense(60)).Dispose();
        SquentropyOptions other = Options();
        object value = name switch
        {
            "HiddenUnits" => 8,
            "ClassWeights" => new Dictionary<string, double> { ["bee"] = 2 },
            "Standardize" => false,
            _ => 0.5,
        };
        typeof(SquentropyOptions).GetProperty(name)!.SetValue(other, value);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ClassifierData.Fit(other, Blobs.Dense(60)));
        Assert.Contains(name, error.Message);
    }

    private static void Refused(INetworkFactory network, params string[] messageParts)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => ClassifierData.Fit(ClassifierData.Quick(o => o.Network = network), Blobs.Dense(12)));
        foreach (string part in messageParts)
            Assert.Contains(part, error.Message);
    }

    [LoadableComponent("MLNetExt.Tests.DelegateFactory")]
    private sealed class DelegateFactory : INetworkFactory
    {
        public Func<int, int, nn.Module<Tensor, Tensor>>? Build { get; set; }

        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => Build!(inputSize, outputSize);
    }

    [LoadableComponent("MLNetExt.Tests.HiddenStateFactory")]
    private sealed class HiddenStateFactory(int hidden) : INetworkFactory
    {
        public HiddenStateFactory()
            : this(1)
        {
        }

        public int Hidden => hidden;

        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) =>
            nn.Sequential(nn.Linear(inputSize, Hidden), nn.Linear(Hidden, outputSize));
    }

    private sealed class UnmarkedFactory : INetworkFactory
    {
        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => nn.Linear(inputSize, outputSize);
    }

    [LoadableComponent("MLNetExt.Tests.WrongSizeFactory")]
    private sealed class WrongSizeFactory : INetworkFactory
    {
        public nn.Module<Tensor, Tensor> Create(int inputSize, int outputSize) => nn.Linear(inputSize, outputSize + 1);
    }
}
