using System.Text;

namespace MLNetExt.Tokenization;

/// <summary>The alphabet in which byte-level tokens are written: one visible character for each byte, as GPT-2 has it.</summary>
/// <remarks>The 188 bytes that are visible characters of Latin-1 stand for themselves; the others, in order, take the characters from U+0100 on.</remarks>
internal static class ByteAlphabet
{
    public const int Size = 256;
    private const int FirstSubstitute = 0x100;
    private static readonly char[] s_characters = Characters();
    private static readonly short[] s_bytes = Bytes();

    /// <summary>The character of a byte, as a token of its own.</summary>
    public static string Token(byte value) => s_characters[value].ToString();

    /// <summary>The bytes written in the alphabet.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
            text.Append(s_characters[value]);
        return text.ToString();
    }

    /// <summary>The bytes that a token stands for; null when it has a character that is not of the alphabet.</summary>
    public static byte[]? Read(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            short value = token[i] < s_bytes.Length ? s_bytes[token[i]] : (short)-1;
            if (value < 0)
                return null;
            bytes[i] = (byte)value;
        }
        return bytes;
    }

    private static char[] Characters()
    {
        var characters = new char[Size];
        int substitutes = 0;
        for (int value = 0; value < Size; value++)
        {
            bool isVisible = value is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®' and <= 'ÿ';
            characters[value] = (char)(isVisible ? value : FirstSubstitute + substitutes++);
        }
        return characters;
    }

    private static short[] Bytes()
    {
        var bytes = new short[s_characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < Size; value++)
            bytes[s_characters[value]] = (short)value;
        return bytes;
    }
}
