using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML;

namespace MLNetExt.Tests.Contract;

/// <summary>A saved model in memory.</summary>
internal static class ModelFile
{
    public static byte[] Write(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    public static ITransformer Read(MLContext ml, byte[] file)
    {
        using var stream = new MemoryStream(file);
        return ml.Model.Load(stream, out _);
    }

    /// <summary>A digest of every entry that holds what was learned: equal for equal weights, whatever else the file holds.</summary>
    /// <param name="file">The saved model.</param>
    /// <param name="suffix">How the names of those entries end.</param>
    public static string WeightsOf(byte[] file, string suffix)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var zip = new ZipArchive(new MemoryStream(file));
        ZipArchiveEntry[] entries = [.. zip.Entries
            .Where(e => e.FullName.EndsWith(suffix, StringComparison.Ordinal))
            .OrderBy(e => e.FullName, StringComparer.Ordinal)];
        Assert.AreNotEqual(0, entries.Length, $"the model has no {suffix}");
        foreach (ZipArchiveEntry entry in entries)
        {
            using Stream content = entry.Open();
            using var copy = new MemoryStream();
            content.CopyTo(copy);
            hash.AppendData(copy.ToArray());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
