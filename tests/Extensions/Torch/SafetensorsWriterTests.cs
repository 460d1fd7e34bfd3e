using System.Text;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class SafetensorsWriterTests
{
    [TestMethod]
    public void Writes_the_format_byte_for_byte()
    {
        using var tensor = arange(1, 4, ScalarType.Int16);

        byte[] file = SafetensorsBytes.Written([("x", tensor)], new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });

        const string Header = """{"__metadata__":{"a":"1","b":"2"},"x":{"dtype":"I16","shape":[3],"data_offsets":[0,6]}}""";
        CollectionAssert.AreEqual(SafetensorsBytes.From(Header + " ", 1, 0, 2, 0, 3, 0), file);
    }

    [TestMethod]
    public void The_order_given_does_not_change_the_bytes()
    {
        using var a = ones(3);
        using var b = ones(2, ScalarType.Float64);
        using var c = ones(5, ScalarType.Bool);
        CollectionAssert.AreEqual(
            SafetensorsBytes.Written([("a", a), ("b", b), ("c", c)]),
            SafetensorsBytes.Written([("c", c), ("b", b), ("a", a)]));
    }

    [TestMethod]
    public void Every_tensor_is_aligned_to_its_elements()
    {
        using var flags = ones(3, ScalarType.Bool);
        using var halves = ones(3, ScalarType.Float16);
        using var doubles = ones(1, ScalarType.Float64);
        using var floats = ones(3);

        byte[] file = SafetensorsBytes.Written([("flags", flags), ("halves", halves), ("doubles", doubles), ("floats", floats)]);

        Assert.AreEqual(0, BitConverter.ToInt64(file, 0) % 8);
        using var reader = SafetensorsBytes.FromStream(file);
        CollectionAssert.AreEqual(new[] { "doubles", "floats", "halves", "flags" }, reader.Names.ToArray());
        Assert.IsTrue(reader.Entries.All(e => e.Begin % (e.Length / e.Shape[0]) == 0));
    }

    [TestMethod]
    public void A_transposed_parameter_is_written_as_it_reads()
    {
        using var tensor = arange(6f).reshape(2, 3).requires_grad_();
        using var transposed = tensor.t();

        using var reader = SafetensorsBytes.FromStream(SafetensorsBytes.Written([("t", transposed)]));
        using var read = reader.Read("t");

        CollectionAssert.AreEqual(new long[] { 3, 2 }, read.shape);
        CollectionAssert.AreEqual(new float[] { 0, 3, 1, 4, 2, 5 }, read.data<float>().ToArray());
        Assert.IsFalse(read.requires_grad);
    }

    [TestMethod]
    public void Writing_leaves_no_tensor_behind()
    {
        using var tensor = ones(2, 3).requires_grad_();
        using var transposed = tensor.t();
        SafetensorsBytes.Written([("t", transposed)]);
        var statistics = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics;
        long before = statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 10; i++)
            SafetensorsBytes.Written([("t", transposed)]);
        Assert.AreEqual(before, statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [DataRow("twice")]
    [DataRow("__metadata__")]
    public void A_name_that_cannot_be_read_back_is_refused(string name)
    {
        using var tensor = ones(1);
        (string, Tensor)[] tensors = name == "twice" ? [(name, tensor), (name, tensor)] : [(name, tensor)];
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsBytes.Written(tensors));
    }

    [TestMethod]
    public void A_name_with_half_a_surrogate_pair_is_refused()
    {
        using var tensor = ones(1);
        Assert.ThrowsExactly<ArgumentException>(() => SafetensorsBytes.Written([("x" + (char)0xD800, tensor)]));
    }

    [TestMethod]
    public void A_complex_tensor_is_refused_by_name()
    {
        using var tensor = ones(1, ScalarType.ComplexFloat32);
        var error = Assert.ThrowsExactly<ArgumentException>(() => SafetensorsBytes.Written([("spectrum", tensor)]));
        Assert.Contains("'spectrum'", error.Message);
    }

    [TestMethod]
    public void No_tensors_make_a_valid_file()
    {
        byte[] file = SafetensorsBytes.Written([]);
        Assert.AreEqual("{}      ", Encoding.ASCII.GetString(file, 8, file.Length - 8));
        SafetensorsBytes.BothWays(file, reader => Assert.IsEmpty(reader.Entries));
    }
}
