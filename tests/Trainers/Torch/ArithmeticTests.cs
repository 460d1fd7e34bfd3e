using System.Diagnostics;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class ArithmeticTests
{
    [TestMethod]
    public void It_is_the_operators_and_their_gradients()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor a = randn([3, 4], generator: generator), b = randn([4], generator: generator);
        Tensor[] Run(Func<Tensor, Tensor, Tensor> function)
        {
            Tensor x = a.clone().requires_grad_(true), y = b.clone().requires_grad_(true);
            Tensor value = function(x, y);
            (value * value).sum().backward();
            return [value.detach(), x.grad!, y.grad!];
        }

        void RequireEqual(Func<Tensor, Tensor, Tensor> expected, Func<Tensor, Tensor, Tensor> actual)
        {
            foreach ((Tensor one, Tensor other) in Run(expected).Zip(Run(actual)))
                Assert.IsTrue(one.Equals(other));
        }

        RequireEqual((x, y) => x + y, (x, y) => x.Plus(y));
        RequireEqual((x, y) => ((x + 0.1) * 0.3) + y, (x, y) => x.Plus(0.1).Times(0.3).Plus(y));
        Tensor changed = a.clone(), same = changed.TimesInPlace(0.3);
        Assert.AreSame(changed, same);
        Assert.IsTrue(changed.Equals(a * 0.3));
        Assert.IsTrue(0.3.Over(a).Equals(0.3 / a));
        Assert.IsTrue((0.3 / a).AtMostOneInPlace().Equals((0.3 / a).clamp(max: 1)));
        Tensor divided = a.clone();
        Assert.AreSame(divided, divided.DivideInPlace(3));
        Assert.IsTrue(divided.Equals(a / 3));
    }

    [TestMethod]
    public void Numbers_stay_alive_while_garbage_is_collected()
    {
        bool isOver = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
                GC.Collect(0);
        });
        collector.Start();
        try
        {
            using Tensor values = ones(4);
            // Behind thousands of other tests a collection takes long: what a lone run does in a second is cut off.
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < 20_000 && watch.Elapsed < TimeSpan.FromSeconds(10); i++)
            {
                using var scope = NewDisposeScope();
                Assert.AreEqual(0.75f, 3.0.Over(values.Plus(values).Plus(2.0).Times(0.5).TimesInPlace(1.0)).DivideInPlace(2.0).AtMostOneInPlace()[0].item<float>());
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            collector.Join();
        }
    }
}
