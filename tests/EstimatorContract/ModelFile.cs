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

    /// <summary>A digest of every safetensors entry: equal for equal weights, whatever else the file holds.</summary>
    public static string WeightsOf(byte[] file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var zip = new ZipArchive(new MemoryStream(file));
        ZipArchiveEntry[] entries = [.. zip.Entries
            .Where(e => e.FullName.EndsWith(".safetensors", StringComparison.Ordinal))
            .OrderBy(e => e.FullName, StringComparer.Ordinal)];
        Assert.AreNotEqual(0, entries.Length, "the model holds no weights");
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
