using MLNetExt.Tokenization;

namespace MLNetExt.Tests.Tokenization;

[TestClass]
public sealed class ByteAlphabetTests
{
    [TestMethod]
    [DataRow(0x00, 'Ā')]
    [DataRow('\n', 'Ċ')]
    [DataRow(' ', 'Ġ')]
    [DataRow('!', '!')]
    [DataRow('~', '~')]
    [DataRow(0x7F, 'ġ')]
    [DataRow(0xA0, 'ł')]
    [DataRow(0xAD, 'Ń')]
    [DataRow(0xFF, 'ÿ')]
    public void Bytes_have_their_characters_of_gpt_2(int value, char expected) =>
        Assert.AreEqual(expected.ToString(), ByteAlphabet.Token((byte)value));

    [TestMethod]
    public void Every_byte_comes_back()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        string written = ByteAlphabet.Write(bytes);
        Assert.HasCount(256, written.Distinct());
        CollectionAssert.AreEqual(bytes, ByteAlphabet.Read(written));
        Assert.IsNull(ByteAlphabet.Read("a b"));
    }
}
