using MLNetExt.Columns;
using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

/// <summary>What every tower keeps to.</summary>
internal static class TowerAssert
{
    /// <summary>Blocks of 1, 7 and all rows give the same embeddings.</summary>
    /// <param name="tower">The tower.</param>
    /// <param name="column">The column that it reads.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="batch">Makes the batch of some of them, by start and count.</param>
    public static void BlocksDoNotMatter(Tower tower, string column, int rows, Func<int, int, TensorBatch> batch)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        tower.eval();
        Tensor whole = tower.Forward(batch(0, rows), column);
        foreach (int size in new[] { 1, 7 })
        {
            Tensor parts = cat([.. Enumerable.Range(0, (rows + size - 1) / size).Select(i => tower.Forward(batch(i * size, Math.Min(size, rows - i * size)), column))]);
            Assert.IsTrue(parts.isnan().Equals(whole.isnan()), $"blocks of {size}: other rows are NaN");
            Assert.IsLessThan(1e-5, (parts - whole).nan_to_num().abs().max().ToDouble(), $"blocks of {size}");
        }
    }

    /// <summary>Every weight has a finite gradient that is not zero throughout.</summary>
    public static void GradientReachesEveryWeight(Tower tower, TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        tower.train();
        tower.zero_grad();
        tower.Forward(batch, column).square().sum().backward();
        foreach ((string name, TorchSharp.Modules.Parameter weight) in tower.named_parameters())
        {
            Assert.IsNotNull(weight.grad, name);
            Assert.IsTrue(weight.grad.isfinite().all().ToBoolean(), name);
            Assert.IsGreaterThan(0, weight.grad.abs().sum().ToDouble(), name);
        }
    }

    /// <summary>Five hundred forward and backward passes leave no tensor behind.</summary>
    public static void LeavesNothingBehind(Tower tower, TensorBatch batch, string column)
    {
        tower.train();
        long live = 0;
        for (int step = 0; step < 500; step++)
        {
            using (NewDisposeScope())
                tower.Forward(batch, column).sum().backward();
            if (step == 1)
                live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The weights of a tower are those that its options count, and all of them are saved.</summary>
    public static void Counts(Tower tower, Int128 weightCount)
    {
        Assert.AreEqual((long)weightCount, tower.parameters().Sum(p => p.numel()));
        CollectionAssert.IsSubsetOf(tower.named_parameters().Select(p => p.name).ToArray(), tower.state_dict().Keys);
    }

    /// <summary>One seed makes the same embeddings twice, dropout included, another seed makes others; the global generator stays as it was.</summary>
    public static void SeedDecides(Func<Generator, Tower> create, TensorBatch batch, string column)
    {
        using var scope = NewDisposeScope();
        float[] Run(ulong seed)
        {
            using var generator = new Generator(seed);
            using Tower tower = create(generator);
            tower.train();
            return [.. tower.Forward(batch, column).data<float>(), .. tower.Forward(batch, column).data<float>()];
        }

        Tensor before = get_rng_state();
        float[] first = Run(1);
        Assert.IsTrue(before.Equals(get_rng_state()), "the global generator moved");
        CollectionAssert.AreEqual(first, Run(1));
        CollectionAssert.AreNotEqual(first, Run(2));
    }
}
