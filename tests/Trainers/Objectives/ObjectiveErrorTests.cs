using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class ObjectiveErrorTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void TargetOutOfRange_NamesRowAndValue(bool fused)
        => Throws("row 1 is 3", () => new Squentropy { UseFusedKernel = fused }.Losses(zeros(2, 3), tensor([0L, 3])));

    [TestMethod]
    public void NegativeTargetThatIsNotIgnored_NamesRowAndValue()
        => Throws("row 0 is -100", () => new CrossEntropy(ignoreIndex: 255).Losses(zeros(2, 3), tensor([-100L, 0])));

    [TestMethod]
    public void OneClass_IsRejected() => Throws("at least 2 classes", () => new Squentropy().Losses(zeros(2, 1), tensor([0L, 0])));

    [TestMethod]
    public void LogitsVector_IsRejected() => Throws("[B, C]", () => new Squentropy().Losses(zeros(2), tensor([0L, 0])));

    [TestMethod]
    public void IntegerLogits_AreRejected()
        => Throws("floating point", () => new Squentropy().Losses(zeros(2, 3, dtype: ScalarType.Int64), tensor([0L, 0])));

    [TestMethod]
    public void Int32Targets_AreRejected() => Throws("int64", () => new Squentropy().Losses(zeros(2, 3), tensor([0, 0])));

    [TestMethod]
    public void WrongNumberOfTargets_NamesBothShapes()
        => Throws("[3]; for logits [2, 3] it must be [2]", () => new Squentropy().Losses(zeros(2, 3), tensor([0L, 0, 0])));

    [TestMethod]
    public void WrongNumberOfRowWeights_NamesBothShapes()
        => Throws("Row weights have the shape [1]", () => new Squentropy().Sum(zeros(2, 3), tensor([0L, 0]), ones(1)));

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void BadRowWeight_NamesTheRow(double weight)
        => Throws("weight of row 1", () => new Squentropy().Sum(zeros(2, 3), tensor([0L, 0]), tensor([1, weight])));

    [TestMethod]
    public void WrongNumberOfClassWeights_IsRejected()
        => Throws("2 class weights", () => new Squentropy(classWeights: [1, 1]).Losses(zeros(2, 3), tensor([0L, 0])));

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void BadOptions_AreRejected(double value)
    {
        Throws("square weight", () => new Squentropy(value));
        Throws("k is", () => new RescaledSquare(k: value));
        Throws("m is", () => new RescaledSquare(m: value));
        Throws("Label smoothing", () => new CrossEntropy(value));
        Throws("class 1", () => new CrossEntropy(classWeights: [1, value]));
    }

    private static void Throws(string message, Func<object> action)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ArgumentException>(() => action());
        StringAssert.Contains(error.Message, message);
    }
}
