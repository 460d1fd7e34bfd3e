using System.Runtime.InteropServices;
using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>The text of a continuation in pieces: what may yet change, because a character or a stop string has only begun, is held back.</summary>
internal sealed class TextPieceStream(CausalModel model, GenerationOptions options)
{
    private const char Incomplete = '\uFFFD';
    private string _text = "";
    private int _given;

    public GenerationOptions Options => options;

    /// <summary>What has become certain with these tokens.</summary>
    public string Next(IReadOnlyList<int> tokens)
    {
        _text = model.Decode(CollectionsMarshal.AsSpan((List<int>)tokens));
        return Give(Certain());
    }

    /// <summary>What was held back at the end.</summary>
    public string Rest() => Give(_text.Length);

    private int Certain()
    {
        int end = _text.TrimEnd(Incomplete).Length;
        foreach (string stop in options.StopStrings)
        {
            for (int length = Math.Min(stop.Length - 1, end); length > 0; length--)
            {
                if (_text.AsSpan(0, end).EndsWith(stop.AsSpan(0, length), StringComparison.Ordinal))
                {
                    end -= length;
                    break;
                }
            }
        }

        return end;
    }

    private string Give(int end)
    {
        end = Math.Min(end, _text.Length);
        string piece = end > _given ? _text[_given..end] : "";
        _given = Math.Max(_given, end);
        return piece;
    }
}
