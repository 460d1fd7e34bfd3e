using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class NextTokenErrorTests
{
    private static readonly NextTokenCrossEntropy s_objective = new();

    [TestMethod]
    [DataRow(5)]
    [DataRow(-1)]
    [DataRow(long.MaxValue)]
    public void TargetOutsideTheVocabulary_NamesRowAndRange(long target)
    {
        Throws($"target of row 1 is {target}; the token ids of this head run from 0 to 4, and -100 marks", () => Sum(targets: tensor([0, target])));
        Throws($"target of row 1 is {target}", () => s_objective.LogProbabilities(zeros(2, 3), zeros(5, 3), tensor([0, target])));
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void BadWeight_NamesRow(float weight)
        => Throws("The weight of row 1", () => Sum(weights: tensor([1, weight])));

    [TestMethod]
    public void WrongShapes_NameBoth()
    {
        Throws("hidden is Float32 [3]", () => Sum(hidden: zeros(3)));
        Throws("head is Float32 [3]", () => Sum(head: zeros(3)));
        Throws("V at least 1", () => Sum(head: zeros(0, 3)));
        Throws("hidden is Float32 [2, 3], head is Float32 [5, 4]", () => Sum(head: zeros(5, 4)));
        Throws("targets are Int64 [3]; for hidden Float32 [2, 3] the shape must be [2]", () => Sum(targets: zeros(3, ScalarType.Int64)));
        Throws("weights are Float32 [2, 1]", () => Sum(weights: zeros(2, 1)));
    }

    [TestMethod]
    public void WrongElementTypes_AreNamed()
    {
        Throws("hidden is Int64", () => Sum(hidden: zeros(2, 3, ScalarType.Int64)));
        Throws("head is Float64 [5, 3]; convert one", () => Sum(head: zeros(5, 3, ScalarType.Float64)));
        Throws("targets are Int32", () => Sum(targets: zeros(2, ScalarType.Int32)));
        Throws("weights are Int64", () => Sum(weights: ones(2, ScalarType.Int64)));
    }

    [TestMethod]
    public void BadBlockRows_AreRejected() => Throws("BlockRows is 0", () => new NextTokenCrossEntropy { BlockRows = 0 });

    private static NextTokenSum Sum(Tensor? hidden = null, Tensor? head = null, Tensor? targets = null, Tensor? weights = null)
        => s_objective.Sum(hidden ?? zeros(2, 3), head ?? zeros(5, 3), targets ?? zeros(2, ScalarType.Int64), weights);

    private static void Throws<T>(string message, Func<T> action)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ArgumentException>(() => action());
        StringAssert.Contains(error.Message, message);
    }
}
