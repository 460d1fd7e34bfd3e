using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;

namespace MLNetExt.Columns;

/// <summary>An image's interleaved pixels as planes of red, green and blue, over white where it is transparent.</summary>
internal static class PlanarPixels
{
    private const int PixelBytes = 4;

    /// <param name="image">The image; its colours are premultiplied by alpha, as the decoder leaves them.</param>
    /// <param name="planes">Red, then green, then blue, a byte for each pixel.</param>
    public static void Write(MLImage image, Span<byte> planes)
    {
        int count = planes.Length / 3;
        Span<byte> red = planes[..count], green = planes.Slice(count, count), blue = planes[(2 * count)..];
        if (image.PixelFormat == MLPixelFormat.Bgra32)
            Split(image.Pixels, blue, green, red);
        else
            Split(image.Pixels, red, green, blue);
        // The span does not keep the image, whose end would free the pixels.
        GC.KeepAlive(image);
    }

    private static void Split(ReadOnlySpan<byte> pixels, Span<byte> first, Span<byte> second, Span<byte> third)
    {
        int at = 0;
        for (; at <= first.Length - 4; at += 4)
        {
            Vector128<byte> four = Vector128.Create(pixels.Slice(PixelBytes * at, 4 * PixelBytes));
            Vector128<byte> alpha = Vector128.Shuffle(four, Vector128.Create((byte)3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15));
            // The colour is already alpha times itself: white's share, 255 - alpha, is all there is to add.
            Vector128<uint> channels = Vector128.Shuffle(
                Vector128.AddSaturate(four, ~alpha), Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsUInt32();
            MemoryMarshal.Write(first[at..], channels[0]);
            MemoryMarshal.Write(second[at..], channels[1]);
            MemoryMarshal.Write(third[at..], channels[2]);
        }
        for (; at < first.Length; at++)
        {
            ReadOnlySpan<byte> pixel = pixels.Slice(PixelBytes * at, PixelBytes);
            first[at] = OverWhite(pixel[0], pixel[3]);
            second[at] = OverWhite(pixel[1], pixel[3]);
            third[at] = OverWhite(pixel[2], pixel[3]);
        }
    }

    private static byte OverWhite(byte color, byte alpha) => (byte)Math.Min(byte.MaxValue, color + byte.MaxValue - alpha);
}
