using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.Torch;

[TestClass]
public sealed class SafetensorsReaderTests
{
    [TestMethod]
    // The JSON
    [DataRow("", 0, "begin with '{'")]
    [DataRow(" {}", 0, "begin with '{'")]
    [DataRow("{", 0, "not valid JSON")]
    [DataRow("{}{}", 0, "not valid JSON")]
    [DataRow("{\"\\ud800\":1}", 0, "not valid JSON")]
    [DataRow("{x:{}}", 0, "not valid JSON")]
    [DataRow("{'x':{'shape':[[1]]}}", 0, "not valid JSON")]
    [DataRow("{'__metadata__':1}", 0, "'__metadata__'")]
    [DataRow("{'__metadata__':{'a':1}}", 0, "'a'")]
    [DataRow("{'__metadata__':{'a':'1','a':'2'}}", 0, "'a' twice")]
    [DataRow("{'__metadata__':{},'__metadata__':{}}", 0, "'__metadata__' twice")]
    // One tensor
    [DataRow("{'x':{}}", 0, "'x': dtype, shape and two data_offsets")]
    [DataRow("{'x':1}", 0, "'x'")]
    [DataRow("{'x':{'dtype':'U8','shape':[1]}}", 1, "'x': dtype, shape and two data_offsets")]
    [DataRow("{'x':{'dtype':'U8','shape':[1],'data_offsets':[0]}}", 1, "'x': dtype, shape and two data_offsets")]
    [DataRow("{'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1,2]}}", 1, "'x': data_offsets holds more than 2")]
    [DataRow("{'x':{'dtype':'U8','dtype':'U8','shape':[1],'data_offsets':[0,1]}}", 1, "'x': the field 'dtype'")]
    [DataRow("{'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1],'more':1}}", 1, "'x': the field 'more'")]
    [DataRow("{'x':{'dtype':8,'shape':[1],'data_offsets':[0,1]}}", 1, "'x'")]
    [DataRow("{'x':{'dtype':'C64','shape':[1],'data_offsets':[0,8]}}", 8, "'x': the dtype 'C64'")]
    [DataRow("{'x':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}}", 1, "'x': shape must hold whole numbers")]
    [DataRow("{'x':{'dtype':'U8','shape':[1.5],'data_offsets':[0,1]}}", 1, "'x': shape must hold whole numbers")]
    [DataRow("{'x':{'dtype':'U8','shape':['1'],'data_offsets':[0,1]}}", 1, "'x': shape must hold whole numbers")]
    [DataRow("{'x':{'dtype':'U8','shape':[9223372036854775808],'data_offsets':[0,1]}}", 1, "'x': shape must hold whole numbers")]
    [DataRow("{'x':{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,0]}}", 0, "'x': the shape U8 [4294967296, 4294967296] is too large")]
    [DataRow("{'x':{'dtype':'U8','shape':[0,4294967296,4294967296],'data_offsets':[0,0]}}", 0, "'x': the shape U8 [0, 4294967296, 4294967296] is too large")]
    [DataRow("{'x':{'dtype':'F32','shape':[2305843009213693952],'data_offsets':[0,0]}}", 0, "'x': the shape F32 [2305843009213693952] is too large")]
    [DataRow("{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}", 4, "'x': F32 [2] takes 8 bytes")]
    [DataRow("{'x':{'dtype':'U8','shape':[1],'data_offsets':[1,0]}}", 1, "'x': U8 [1] takes 1 bytes")]
    // The layout
    [DataRow("{'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'x':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}", 2, "'x' twice")]
    [DataRow("{'x':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}", 2, "'x' begins at byte 1 and leaves a hole")]
    [DataRow("{'y':{'dtype':'U8','shape':[1],'data_offsets':[3,4]},'x':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}}", 4, "'y' begins at byte 3 and leaves a hole")]
    [DataRow("{'x':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},'y':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}", 3, "'y' begins at byte 1 and overlaps")]
    public void A_header_that_breaks_a_rule_is_refused_with_the_reason(string header, int dataLength, string reason)
    {
        byte[] file = SafetensorsBytes.From(header.Replace('\'', '"'), new byte[dataLength]);
        Assert.Contains(reason, Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromStream(file)).Message);
        Assert.Contains(reason, Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromFile(file, _ => { })).Message);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(5)]
    public void Data_of_another_length_is_refused(int length)
    {
        byte[] file = SafetensorsBytes.From("""{"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", new byte[length]);
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromStream(file));
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromFile(file, _ => { }));
    }

    [TestMethod]
    [DataRow(100_000_000L)]
    [DataRow(100_000_001L)]
    [DataRow(-1L)]
    public void A_header_length_that_the_file_cannot_keep_allocates_nothing(long length)
    {
        byte[] file = [.. BitConverter.GetBytes(length), .. "{}"u8];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromStream(file));
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromFile(file, _ => { }));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_huge_tensor_that_a_stream_promises_allocates_nothing()
    {
        byte[] file = SafetensorsBytes.From("""{"x":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}""", new byte[100]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromStream(file));
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsBytes.FromFile(file, _ => { }));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_file_of_another_writer_is_read_in_any_order_and_with_padding()
    {
        const string Header = """{"b":{"data_offsets":[4,6],"shape":[2],"dtype":"BOOL"},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}   """;
        SafetensorsBytes.BothWays(SafetensorsBytes.From(Header, [0, 0, 128, 63, 1, 0]), reader =>
        {
            CollectionAssert.AreEqual(new[] { "a", "b" }, reader.Names.ToArray());
            using var a = reader.Read("a");
            using var b = reader.Read("b");
            Assert.AreEqual(1f, a.item<float>());
            CollectionAssert.AreEqual(new[] { true, false }, b.data<bool>().ToArray());
        });
    }

    [TestMethod]
    public void A_bool_that_is_neither_0_nor_1_is_refused() =>
        SafetensorsBytes.BothWays(SafetensorsBytes.From("""{"x":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""", 1, 2), reader =>
            Assert.Contains("'x'", Assert.ThrowsExactly<InvalidDataException>(() => reader.Read("x")).Message));

    [TestMethod]
    public void A_missing_tensor_is_named()
    {
        using var reader = SafetensorsBytes.FromStream(SafetensorsBytes.Written([]));
        Assert.IsFalse(reader.Contains("bias"));
        Assert.Contains("'bias'", Assert.ThrowsExactly<InvalidDataException>(() => reader.Read("bias")).Message);
    }

    [TestMethod]
    public void ReadInto_fills_a_parameter_of_any_layout()
    {
        using var source = arange(6f).reshape(2, 3);
        using var memory = zeros(3, 2);
        using var transposed = memory.t();
        using var parameter = new TorchSharp.Modules.Parameter(zeros(2, 3));

        using var reader = SafetensorsBytes.FromStream(SafetensorsBytes.Written([("w", source)]));
        reader.ReadInto("w", transposed);
        reader.ReadInto("w", parameter);

        CollectionAssert.AreEqual(SafetensorsBytes.BytesOf(source), SafetensorsBytes.BytesOf(transposed));
        CollectionAssert.AreEqual(SafetensorsBytes.BytesOf(source), SafetensorsBytes.BytesOf(parameter));
        Assert.IsTrue(parameter.requires_grad);
    }

    [TestMethod]
    public void ReadInto_names_the_tensor_and_both_shapes_when_they_differ()
    {
        using var source = zeros(2, 3);
        using var shape = zeros(3, 2);
        using var type = zeros(2, 3, ScalarType.Float64);
        using var reader = SafetensorsBytes.FromStream(SafetensorsBytes.Written([("w", source)]));
        Assert.Contains("'w': expected F32 [3, 2], found F32 [2, 3]", Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadInto("w", shape)).Message);
        Assert.Contains("'w': expected F64 [2, 3], found F32 [2, 3]", Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadInto("w", type)).Message);
    }

    [TestMethod]
    public void A_tensor_larger_than_one_span_is_read_whole()
    {
        using var source = arange((1 << 24) + 5, ScalarType.Int32);
        SafetensorsBytes.BothWays(SafetensorsBytes.Written([("big", source)]), reader =>
        {
            using var read = reader.Read("big");
            Assert.IsTrue(source.equal(read).all().item<bool>());
        });
    }

    [TestMethod]
    public void A_file_cut_off_while_open_is_an_error_not_a_crash()
    {
        string path = Path.GetTempFileName();
        try
        {
            using var source = zeros(1000);
            File.WriteAllBytes(path, SafetensorsBytes.Written([("w", source)]));
            using var reader = SafetensorsReader.FromFile(path);
            using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                file.SetLength(500);
            Assert.ThrowsExactly<InvalidDataException>(() => reader.Read("w"));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
