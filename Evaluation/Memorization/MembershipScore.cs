using System.IO.Compression;
using System.Text;

namespace MLNetExt.Evaluation;

/// <summary>Scores by which membership inference tells documents that a model was trained on from others. Members score higher.</summary>
/// <remarks>The scores of the goldfish paper (arXiv 2406.10209). The notebook released with it feeds the loss itself, so that its area under the curve is
/// one minus this one.</remarks>
public static class MembershipScore
{
    private const int ZlibOfNothing = 8;

    /// <summary>The negative of a document's mean loss.</summary>
    /// <param name="meanNegativeLogLikelihood">The mean over the tokens that were predicted, in nats.</param>
    public static double OfLoss(double meanNegativeLogLikelihood) => -meanNegativeLogLikelihood;

    /// <summary>The negative of a document's mean loss, divided by <see cref="ZlibLength"/> of its text.</summary>
    /// <param name="meanNegativeLogLikelihood">The mean over the tokens that were predicted, in nats.</param>
    /// <param name="text">The document's text.</param>
    public static double OfLossPerZlibByte(double meanNegativeLogLikelihood, string text) => -meanNegativeLogLikelihood / ZlibLength(text);

    /// <summary>The bytes that zlib makes of a text's UTF-8.</summary>
    /// <remarks>.NET's library is zlib-ng. At its highest level it gives the length that classic zlib has at its default level for texts of a few thousand characters;
    /// beyond that the two differ by less than half a per cent.</remarks>
    public static int ZlibLength(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            return ZlibOfNothing;
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(Encoding.UTF8.GetBytes(text));
        return checked((int)compressed.Length);
    }
}
