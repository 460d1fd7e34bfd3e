using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

/// <summary>What exact resume builds on: a private generator's state is a byte tensor that can be stored and restored.</summary>
[TestClass]
public sealed class GeneratorTests
{
    [TestMethod]
    public void A_restored_state_continues_the_same_numbers()
    {
        using var generator = new Generator(7);
        using var skipped = randn([101], generator: generator);
        using var state = generator.get_state();
        byte[] stored = [.. state.bytes];
        using var expected = randn([101], generator: generator);

        using var other = new Generator(8);
        using var restored = tensor(stored);
        other.set_state(restored);
        using var actual = randn([101], generator: other);

        Assert.IsTrue(actual.equal(expected).all().item<bool>());
    }

    [TestMethod]
    public void Private_generators_leave_the_global_one_alone()
    {
        using var before = random.get_rng_state();
        using var generator = new Generator(7);
        using var numbers = randperm(1000, generator: generator);
        using var after = random.get_rng_state();
        Assert.IsTrue(before.equal(after).all().item<bool>());
    }
}
