using System.Text;
using MLNetExt.Components;

namespace MLNetExt.Tokenization;

/// <summary>The tokenizer in a saved model: a stream <c>tokenizer.json</c>.</summary>
internal static class TokenizerStream
{
    private const string Name = "tokenizer.json";
    private const long MaxBytes = 256L << 20;

    /// <exception cref="InvalidDataException">There is none, or it is too large.</exception>
    public static string Read(ModelReader reader)
    {
        string json = "";
        reader.ReadStream(Name, stream =>
        {
            if (stream.Length > MaxBytes)
                throw new InvalidDataException($"The model's '{Name}' has {stream.Length} bytes; at most {MaxBytes} are accepted.");
            using var text = new StreamReader(stream, Encoding.UTF8);
            json = text.ReadToEnd();
        });
        return json;
    }

    public static void Write(ModelWriter writer, string json) => writer.WriteStream(Name, stream => stream.Write(Encoding.UTF8.GetBytes(json)));
}
