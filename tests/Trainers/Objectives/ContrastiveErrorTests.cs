using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class ContrastiveErrorTests
{
    public static IEnumerable<object[]> Objectives =>
        [[new SigmoidContrastive()], [new SigmoidContrastive { UseFusedKernel = false }], [new SoftmaxContrastive()]];

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void UnequalRowsWithoutLabels_AskForLabels(IContrastiveObjective objective)
    {
        Throws("left is [2, 3], right is [4, 3]", () => Sum(objective, zeros(2, 3), zeros(4, 3)));
        Throws("PairLabels.OfGroups", () => Sum(objective, zeros(2, 3), zeros(4, 3)));
        Throws("PairLabels.OfGroups", () => Sum(objective, zeros(2, 3), zeros(4, 3), PairLabels.Diagonal(ones(2, 4, dtype: ScalarType.Bool))));
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void DifferentDimensions_NameBothShapes(IContrastiveObjective objective)
        => Throws("left is [2, 3], right is [2, 4]", () => Sum(objective, zeros(2, 3), zeros(2, 4)));

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void WrongEmbeddings_AreRejected(IContrastiveObjective objective)
    {
        Throws("left has the shape [2]", () => Sum(objective, zeros(2), zeros(2, 2)));
        Throws("right has the shape [2, 2, 1]", () => Sum(objective, zeros(2, 2), zeros(2, 2, 1)));
        Throws("left is Int64", () => Sum(objective, zeros(2, 2, dtype: ScalarType.Int64), zeros(2, 2)));
        Throws("left is Float32, right is Float64", () => Sum(objective, zeros(2, 2), zeros(2, 2, dtype: ScalarType.Float64)));
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void ScaleAndBias_AreSingleNumbers(IContrastiveObjective objective)
    {
        Throws("logScale has the shape [2]", () => objective.Sum(zeros(2, 2), zeros(2, 2), zeros(2), tensor(0f)));
        Throws("bias has the shape [2]", () => objective.Sum(zeros(2, 2), zeros(2, 2), tensor(0f), zeros(2)));
        Throws("bias is Int64", () => objective.Sum(zeros(2, 2), zeros(2, 2), tensor(0f), tensor(1L)));
    }

    [TestMethod]
    [DynamicData(nameof(Objectives))]
    public void LabelsOfAnotherShape_NameShapes(IContrastiveObjective objective)
    {
        var ids = arange(3);
        Throws("The left ids: the shape is [3]; left is [2, 2], right is [3, 2]", () => Sum(objective, zeros(2, 2), zeros(3, 2), PairLabels.OfGroups(ids, ids)));
        Throws("The right ids", () => Sum(objective, zeros(3, 2), zeros(2, 2), PairLabels.OfGroups(ids, ids)));
        Throws("so it must be [2, 3]", () => Sum(objective, zeros(2, 2), zeros(3, 2), PairLabels.OfMatrix(zeros(2, 2, dtype: ScalarType.Bool))));
        Throws("The mask", () => Sum(objective, zeros(2, 2), zeros(2, 2), PairLabels.Diagonal(zeros(2, 3, dtype: ScalarType.Bool))));
    }

    [TestMethod]
    public void LabelsOfAnotherType_AreRejected()
    {
        Throws("must be int64 [n]", () => PairLabels.OfGroups(arange(3), zeros(3)));
        Throws("must be int64 [n]", () => PairLabels.OfGroups(arange(4).view(2, 2), arange(3)));
        Throws("must be bool [n, m]", () => PairLabels.OfMatrix(zeros(2, 2)));
        Throws("must be bool [n, m]", () => PairLabels.Diagonal(ones(2, dtype: ScalarType.Bool)));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void BadRatio_IsNamed(double ratio) => Throws("negatives per positive", () => new NegativeSelection(NegativeKind.Hard, ratio));

    [TestMethod]
    public void BadOptions_AreRejected()
    {
        Throws("must be one of All, Random, Hard, Easy", () => new NegativeSelection((NegativeKind)7));
        Throws("generator", () => new SigmoidContrastive(new(NegativeKind.Random, 2)));
        Throws("ChunkRows is 0", () => new SigmoidContrastive { ChunkRows = 0 });
        Throws("ChunkRows is -1", () => new SoftmaxContrastive { ChunkRows = -1 });
        Throws("[rows, dimensions]", () => UnitLength.Of(zeros(3)));
        Throws("floating point", () => UnitLength.Of(zeros(3, 3, dtype: ScalarType.Int64)));
    }

    private static ObjectiveSum Sum(IContrastiveObjective objective, Tensor left, Tensor right, PairLabels? labels = null)
        => objective.Sum(left, right, tensor(0f), tensor(0f), labels);

    private static void Throws(string message, Func<object> action)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ArgumentException>(() => action());
        StringAssert.Contains(error.Message, message);
    }
}
