using System.Runtime.CompilerServices;
using MLNetExt.Sequences;

namespace MLNetExt.LanguageModeling;

/// <summary>The text of one continuation in pieces: what may yet change, because a character or a stop string has only begun, is held back.</summary>
internal sealed class TextPieceStream(CausalModel model, GenerationOptions options)
{
    private const char Incomplete = '\uFFFD';
    private string _text = "";
    private int _given;

    /// <summary>Whether the text was cut off after the most tokens; known once it has been read.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Continues a prompt; only once.</summary>
    public async IAsyncEnumerable<string> ReadAsync(string prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<Continuation> steps = new TokenGeneration(model, options).Stream(model.EncodePrompt(prompt)).GetEnumerator();
        while (await Task.Run(steps.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            (_text, IsCutOff) = (steps.Current.Text, steps.Current.IsCutOff);
            if (Give(Certain()) is { Length: > 0 } piece)
                yield return piece;
        }

        if (Give(_text.Length) is { Length: > 0 } rest)
            yield return rest;
    }

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
