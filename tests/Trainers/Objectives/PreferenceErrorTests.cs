using MLNetExt.Objectives;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Objectives;

[TestClass]
public sealed class PreferenceErrorTests
{
    [TestMethod]
    public void ParametersOutOfRange_AreNamed()
    {
        Throws("number of candidates is 0", () => new CringeContrast(0));
        Throws("ExcludedTokens has -1", () => new CringeContrast { ExcludedTokens = [3, -1] });
        Throws("gateTemperature is -1", () => new PairwiseCringe(gateTemperature: -1));
        Throws("gateTemperature is NaN", () => new PairwiseCringe(gateTemperature: double.NaN));
        Throws("gateBias is NaN", () => new PairwiseCringe(gateBias: double.NaN));
        Throws("alpha is -0.5", () => new PairwiseCringe(alpha: -0.5));
        Throws("TokenReduction is 7", () => new PairwiseCringe { TokenReduction = (TokenReduction)7 });
        Throws("alpha is ", () => new BinaryCringe(alpha: double.PositiveInfinity));
        Throws("alpha is -1", () => new Unlikelihood(-1));
        Throws("beta is 0", () => new DirectPreference(0));
        Throws("labelSmoothing is 0.5", () => new DirectPreference(labelSmoothing: 0.5));
        Throws("labelSmoothing is -0.1", () => new DirectPreference(labelSmoothing: -0.1));
        Throws("beta is 0", () => new IdentityPreference(0));
        Throws("beta is -1", () => new HingePreference(-1));
        Throws("beta is NaN", () => new SimplePreference(double.NaN));
        Throws("beta is 0", () => new ContrastivePreference(0));
        Throws("alpha is -1", () => new ContrastivePreference(alpha: -1));
        Throws("gamma is -1", () => new SimplePreference(gamma: -1));
        Throws("beta is -1", () => new OddsRatioPreference(-1));
        Throws("beta is 0", () => new KahnemanTversky(0));
        Throws("desirableWeight is -1", () => new KahnemanTversky(desirableWeight: -1));
        Throws("undesirableWeight is NaN", () => new KahnemanTversky(undesirableWeight: double.NaN));
        Throws("BlockRows is 0", () => new CompletionLoss(new BinaryCringe()) { BlockRows = 0 });
        Assert.ThrowsExactly<ArgumentNullException>(() => new CompletionLoss(null!));
    }

    [TestMethod]
    public void BatchThatLacksWhatTheLossNeeds_SaysWhat()
    {
        Throws("PairwiseCringe compares the completions of pairs", () => Sum(new PairwiseCringe(), isPaired: false));
        Throws("DirectPreference needs the reference", () => Sum(new DirectPreference()));
        Throws("KahnemanTversky needs the reference", () => Sum(new KahnemanTversky(), isPaired: false));
        Throws("Reference: Float32 [3]; it must be floating point [2]", () => Sum(new DirectPreference(), reference: zeros(3)));
        var scores = new CompletionScores(zeros(2, 3), ones(2, 3, dtype: ScalarType.Bool), tensor([true, false]), isPaired: false);
        Throws("not in pairs", () => new SimplePreference().Sum(scores));
        Throws("set Reference", () => new KahnemanTversky().Sum(scores));
        Throws("set Contrasts", () => new BinaryCringe().Sum(scores));
    }

    [TestMethod]
    public void WrongShapesAndTypes_AreNamed()
    {
        Throws("targets: Int32 [2, 3]; it must be int64 [n, T]", () => new CompletionBatch(zeros(2, 3, dtype: ScalarType.Int32), tensor([true, false])));
        Throws("targets: Int64 [2]", () => new CompletionBatch(zeros(2, dtype: ScalarType.Int64), tensor([true, false])));
        Throws("isDesired: Bool [1]; it must be bool [2]", () => new CompletionBatch(zeros(2, 3, dtype: ScalarType.Int64), tensor([true])));
        Throws("isDesired: Float32 [2]", () => new CompletionBatch(zeros(2, 3, dtype: ScalarType.Int64), zeros(2)));
        Throws("targets: Int64 [3, 3]; it must be int64 [n, T], n even", () => CompletionBatch.Pairs(zeros(3, 3, dtype: ScalarType.Int64)));
        Throws("logProbabilities: Int64", () => new CompletionScores(zeros(2, 3, dtype: ScalarType.Int64), ones(2, 3, dtype: ScalarType.Bool), tensor([true, false]), true));
        Throws("isToken: Bool [2, 2]; it must be bool [2, 3]", () => new CompletionScores(zeros(2, 3), ones(2, 2, dtype: ScalarType.Bool), tensor([true, false]), true));
        Throws("pairs have an even number", () => new CompletionScores(zeros(1, 3), ones(1, 3, dtype: ScalarType.Bool), tensor([true]), true));
        Throws("targets are Int64 [2, 3]; for hidden Float32 [2, 2, 4]", () => Sum(new BinaryCringe(), hidden: zeros(2, 2, 4)));
        Throws("head is Float32 [5, 3]", () => Sum(new BinaryCringe(), head: zeros(5, 3)));
    }

    [TestMethod]
    public void TokensOutsideTheVocabulary_AreNamed()
    {
        Throws("The target of row 1 is 5; the token ids of this head run from 0 to 4", () => Sum(new BinaryCringe(), target: 5));
        Throws("Token 5 is excluded from the contrast; the token ids of this head run from 0 to 4", () => Sum(new BinaryCringe(new() { ExcludedTokens = [5] })));
    }

    [TestMethod]
    public void NoCandidateLeft_IsAnError()
    {
        Throws("Of 5 tokens 4 are excluded", () => Sum(new BinaryCringe(new() { ExcludedTokens = [0, 1, 2, 3] })));
        Throws("Of 1 tokens 0 are excluded", () => Sum(new BinaryCringe(), head: zeros(1, 4), target: 0));
        Sum(new BinaryCringe(new() { ExcludedTokens = [0, 1, 2] }));
    }

    private static PreferenceSum Sum(
        IPreferenceObjective objective, Tensor? hidden = null, Tensor? head = null, Tensor? reference = null, long target = 0, bool isPaired = true)
    {
        var targets = tensor(new[,] { { -100, target, 0 }, { 0, 0, -100 } });
        var batch = isPaired ? CompletionBatch.Pairs(targets) : new CompletionBatch(targets, tensor([true, false]));
        return new CompletionLoss(objective).Sum(hidden ?? zeros(2, 3, 4), head ?? zeros(5, 4), batch with { Reference = reference });
    }

    private static void Throws<T>(string message, Func<T> action)
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsExactly<ArgumentException>(() => action());
        StringAssert.Contains(error.Message, message);
    }
}
