using MLNetExt.Masking;

namespace MLNetExt.Tests.Masking;

[TestClass]
public sealed class TokenImportanceTests
{
    [TestMethod]
    public void The_losses_of_an_id_are_averaged_by_weight_before_its_one_step()
    {
        var importance = new TokenImportance(4, decay: 0.5);
        importance.Update([2, 1, 2, 2], [1, 3, 4, 100], [1, 1, 2, 0]);
        CollectionAssert.AreEqual(new float[] { 10, 6.5f, 6.5f, 10 }, importance.Values.ToArray());
        importance.Update([1], [6.5f]);
        Assert.AreEqual(6.5f, importance.Values[1]);
    }

    [TestMethod]
    public void The_order_of_slots_does_not_matter_to_the_mean_and_the_last_counts_when_asked_for()
    {
        float[] Table(ImportanceMode mode, int[] ids, float[] losses)
        {
            var importance = new TokenImportance(3, decay: 0.75, mode: mode);
            importance.Update(ids, losses);
            return importance.Values.ToArray();
        }
        CollectionAssert.AreEqual(Table(ImportanceMode.Mean, [0, 1, 0], [2, 4, 6]), Table(ImportanceMode.Mean, [0, 0, 1], [6, 2, 4]));
        CollectionAssert.AreEqual(new[] { 9f, 8.5f, 10f }, Table(ImportanceMode.Last, [0, 1, 0], [2, 4, 6]));
    }

    [TestMethod]
    public void Pinned_and_denied_ids_stay_where_they_are()
    {
        var importance = new TokenImportance(5, pinnedIds: [1], deniedIds: [0], decay: 0.9);
        for (int i = 0; i < 20; i++)
            importance.Update([0, 1, 2], [9, 9, 9]);
        Assert.AreEqual(TokenImportance.DeniedValue, importance.Values[0]);
        Assert.AreEqual(TokenImportance.PinnedValue, importance.Values[1]);
        Assert.AreEqual(9 + Math.Pow(0.9, 20), importance.Values[2], 1e-5);
        importance.Restore([1, 2, 3, 4, 5]);
        CollectionAssert.AreEqual(new float[] { -1e4f, 1e4f, 3, 4, 5 }, importance.Values.ToArray());
    }

    [TestMethod]
    public void A_restored_table_goes_on_as_the_saved_one()
    {
        var random = new Random(3);
        var importance = new TokenImportance(50, [1], [0], 0.95);
        void Step(TokenImportance table, int seed)
        {
            var step = new Random(seed);
            int[] ids = [.. Enumerable.Range(0, 30).Select(_ => step.Next(50))];
            table.Update(ids, [.. ids.Select(_ => step.NextSingle() * 9)]);
        }
        for (int i = 0; i < 10; i++)
            Step(importance, i);
        var resumed = new TokenImportance(50, [1], [0], 0.95);
        resumed.Restore(importance.Values.ToArray());
        for (int i = 10; i < 20; i++)
        {
            Step(importance, i);
            Step(resumed, i);
        }
        CollectionAssert.AreEqual(importance.Values.ToArray(), resumed.Values.ToArray());
    }

    [TestMethod]
    public void Slots_of_weight_0_are_not_looked_at()
    {
        var importance = new TokenImportance(3, decay: 0.5);
        importance.Update([-100, 2, 1], [float.NaN, 2, float.PositiveInfinity], [0, 1, 0]);
        CollectionAssert.AreEqual(new float[] { 10, 10, 6 }, importance.Values.ToArray());
        importance.Update([], []);
        CollectionAssert.AreEqual(new float[] { 10, 10, 6 }, importance.Values.ToArray());
    }

    [TestMethod]
    public void Wrong_numbers_are_named_and_change_nothing()
    {
        var importance = new TokenImportance(3);
        (Action Act, string Part)[] wrong =
        [
            (() => importance.Update([0, 3], [1, 1]), "slot 1 is outside the vocabulary"),
            (() => importance.Update([0, -100], [1, 1]), "ids lie in [0, 3)"),
            (() => importance.Update([0, 1], [1, float.NaN]), "loss of slot 1, of the id 1, is not finite"),
            (() => importance.Update([0, 1], [1, 1], [1, -1]), "weight of slot 1"),
            (() => importance.Update([0, 1], [1, 1], [1, float.NaN]), "weight of slot 1"),
            (() => importance.Update([0, 1], [1]), "1 losses and 0 weights for 2 ids"),
            (() => importance.Update([0, 1], [1, 1], [1]), "2 losses and 1 weights for 2 ids"),
            (() => importance.Restore([1, 2]), "2 values"),
            (() => importance.Restore([1, 2, float.NaN]), "3 ids"),
            (() => _ = new TokenImportance(0), "vocabularySize"),
            (() => _ = new TokenImportance(3, decay: 1.5), "[0, 1]"),
            (() => _ = new TokenImportance(3, decay: double.NaN), "[0, 1]"),
            (() => _ = new TokenImportance(3, pinnedIds: [3]), "id 3 is pinned or denied"),
        ];
        foreach ((Action act, string part) in wrong)
            StringAssert.Contains(Assert.Throws<ArgumentException>(act, part).Message, part);
        CollectionAssert.AreEqual(new float[] { 10, 10, 10 }, importance.Values.ToArray());
    }
}
