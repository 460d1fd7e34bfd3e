using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace MLNetExt.Cli.Data;

/// <summary>Text that a language model is to read as it stands: bytes that are no UTF-8 are refused, where a reader would put other characters.</summary>
internal static class Utf8Text
{
    /// <summary>Reads a file, without its byte-order mark.</summary>
    /// <exception cref="UserErrorException">There is no such file, or it is no UTF-8; names the line and the byte.</exception>
    public static string Read(string path)
    {
        DataFile.Require(path);
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (!Utf8.IsValid(bytes))
            throw Invalid(path, bytes);
        return Encoding.UTF8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
    }

    private static UserErrorException Invalid(string path, ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done)
            at += length;
        int line = bytes[..at].Count((byte)'\n') + 1;
        return new UserErrorException($"'{path}', line {line}: byte {at} (from 0) is 0x{bytes[at]:X2}, which is no UTF-8; save the file as UTF-8.");
    }
}
