using System.Text;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class SafetensorsPropertyTests
{
    private static readonly ScalarType[] s_dtypes =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
        ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    private sealed record Sample(string Name, ScalarType DType, long[] Shape, byte[] Bytes, bool Transposed);

    [TestMethod]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        var property = Prop.ForAll(Arb.From(Samples()), samples =>
        {
            using var scope = NewDisposeScope();
            var tensors = samples.Select(s => (s.Name, Tensor: Make(s))).ToList();
            var metadata = samples.ToDictionary(s => s.Name, s => s.DType.ToString());
            SafetensorsBytes.BothWays(SafetensorsBytes.Written(tensors, metadata), reader =>
            {
                CollectionAssert.AreEquivalent(metadata, reader.Metadata.ToDictionary());
                Assert.HasCount(tensors.Count, reader.Entries);
                foreach (var (name, expected) in tensors)
                {
                    using var actual = reader.Read(name);
                    Assert.AreEqual(expected.dtype, actual.dtype);
                    CollectionAssert.AreEqual(expected.shape, actual.shape);
                    CollectionAssert.AreEqual(SafetensorsBytes.BytesOf(expected), SafetensorsBytes.BytesOf(actual));
                }
            });
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261, 7), property);
    }

    private static Tensor Make(Sample sample)
    {
        var tensor = empty(sample.Shape, sample.DType);
        sample.Bytes.CopyTo(tensor.bytes);
        return sample.Transposed && tensor.dim() > 1 ? tensor.transpose(0, 1) : tensor;
    }

    private static Gen<Sample[]> Samples() =>
        OneSample().ArrayOf().Select(samples => samples.DistinctBy(s => s.Name).ToArray());

    private static Gen<Sample> OneSample() =>
        from name in ArbMap.Default.GeneratorFor<string>()
        where name is not null && IsUnicode(name)
        from dtype in Gen.Elements(s_dtypes)
        from rank in Gen.Choose(0, 4)
        from shape in Gen.Choose(0, 4).Select(size => (long)size).ArrayOf(rank)
        from seed in Gen.Choose(0, int.MaxValue)
        from transposed in Gen.Elements(true, false)
        select new Sample(name, dtype, shape, Fill(shape, dtype, seed), transposed);

    // Any bytes are values, NaNs with payloads too; only a bool is 0 or 1.
    private static byte[] Fill(long[] shape, ScalarType dtype, int seed)
    {
        using var tensor = empty(shape, dtype);
        byte[] bytes = new byte[tensor.numel() * tensor.ElementSize];
        new Random(seed).NextBytes(bytes);
        return dtype == ScalarType.Bool ? [.. bytes.Select(b => (byte)(b & 1))] : bytes;
    }

    private static bool IsUnicode(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
