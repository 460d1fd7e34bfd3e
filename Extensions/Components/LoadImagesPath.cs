using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Components;

/// <summary>The path that ML.NET's <c>LoadImages</c> read last: its error for a damaged file names none.</summary>
internal static class LoadImagesPath
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const string Owner = "Microsoft.ML.ImageAnalytics";
    private const int LongestPipeline = 16;

    /// <summary>Looks for the path in what a getter of ML.NET's image transforms has captured: a text of its own, or another getter of images.</summary>
    /// <returns>The path as the data has it, or null when there is none to be found.</returns>
    public static string? Find(ValueGetter<MLImage> getter) => Find(getter, LongestPipeline);

    private static string? Find(ValueGetter<MLImage> getter, int depth)
    {
        if (depth == 0 || getter.Target is not { } captured || captured.GetType().Assembly.GetName().Name != Owner)
            return null;
        object?[] values = [.. captured.GetType().GetFields(Fields).Select(field => field.GetValue(captured))];
        return values.OfType<ReadOnlyMemory<char>>().Select(text => text.ToString()).FirstOrDefault(text => text.Length > 0)
            ?? values.OfType<ValueGetter<MLImage>>().Select(source => Find(source, depth - 1)).FirstOrDefault(path => path is not null);
    }
}
