using MLNetExt.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Networks;

[TestClass]
public sealed class ImageJitterTests
{
    private const int Rows = 200;

    [TestMethod]
    [DataRow(true, 0)]
    [DataRow(false, 2)]
    [DataRow(true, 3)]
    public void Every_training_image_is_mirrored_or_moved_by_up_to_the_shift_and_all_ways_occur(bool flip, int shift)
    {
        using var scope = NewDisposeScope();
        Tensor images = Numbered(5, 6);
        using var generator = new Generator(1);
        using var jitter = new ImageJitter(flip, shift, generator);
        byte[][] jittered = [.. Values(jitter.forward(images)).Chunk(3 * 5 * 6)];
        var ways = new HashSet<string>();
        byte[] image = Values(images)[..(3 * 5 * 6)];
        var expected = new Dictionary<string, byte[]>();
        foreach (bool mirrored in flip ? new[] { false, true } : [false])
            for (int dy = -shift; dy <= shift; dy++)
                for (int dx = -shift; dx <= shift; dx++)
                    expected[$"{mirrored} {dx} {dy}"] = Moved(image, 5, 6, mirrored, dx, dy);
        foreach (byte[] row in jittered)
        {
            string? way = expected.FirstOrDefault(e => e.Value.SequenceEqual(row)).Key;
            Assert.IsNotNull(way);
            ways.Add(way);
        }
        Assert.IsGreaterThan(0.8 * expected.Count, ways.Count);
    }

    [TestMethod]
    public void Evaluation_leaves_images_alone()
    {
        using var scope = NewDisposeScope();
        Tensor images = Numbered(4, 4);
        using var generator = new Generator(1);
        using var jitter = new ImageJitter(true, 2, generator);
        using Tensor state = generator.get_state();
        jitter.eval();
        Assert.AreSame(images, jitter.forward(images));
        using Tensor after = generator.get_state();
        Assert.IsTrue(state.eq(after).all().ToBoolean());
    }

    private static Tensor Numbered(int height, int width) =>
        arange(3 * height * width, dtype: ScalarType.Byte).reshape(1, 3, height, width).expand(Rows, 3, height, width).contiguous();

    private static byte[] Moved(byte[] image, int height, int width, bool mirrored, int dx, int dy) =>
    [
        .. from channel in Enumerable.Range(0, 3)
           from y in Enumerable.Range(0, height)
           from x in Enumerable.Range(0, width)
           let fromX = Math.Clamp(x + dx, 0, width - 1)
           select image[(channel * height + Math.Clamp(y + dy, 0, height - 1)) * width + (mirrored ? width - 1 - fromX : fromX)],
    ];

    private static byte[] Values(Tensor images) => [.. images.contiguous().data<byte>()];
}
