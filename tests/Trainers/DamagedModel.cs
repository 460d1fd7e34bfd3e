using Microsoft.ML;
using MLNetExt.Tests.Components;
using MLNetExt.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetExt.Tests;

/// <summary>Model files that were damaged or made up, and what must come of them.</summary>
internal static class DamagedModel
{
    private static readonly MLContext s_ml = new(seed: 1);

    /// <summary>A saved model, to be damaged.</summary>
    public static ModelZip Save(ITransformer model, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        s_ml.Model.Save(model, schema, stream);
        return ModelZip.Read(stream.ToArray());
    }

    public static ITransformer Load(ModelZip zip)
    {
        using var stream = new MemoryStream(zip.ToBytes());
        return s_ml.Model.Load(stream, out _);
    }

    /// <summary>Fails unless loading is refused with a message that has <paramref name="part"/>, and leaves no tensor behind.</summary>
    public static void Refused(ModelZip zip, string part, string what = "")
    {
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Exception? error = null;
        try
        {
            ((IDisposable)Load(zip)).Dispose();
        }
        catch (Exception e)
        {
            error = e.GetBaseException();
        }

        Assert.IsInstanceOfType<InvalidDataException>(error, $"{what}: {error}");
        Assert.Contains(part, error.Message, what);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount, $"tensors left, {what}: {error.Message}");
    }

    /// <summary>The names of a file's tensors.</summary>
    public static string[] Names(byte[] weights)
    {
        using var reader = SafetensorsReader.FromStream(new MemoryStream(weights));
        return [.. reader.Names];
    }

    /// <summary>The file with other tensors.</summary>
    public static byte[] Change(byte[] weights, Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        using var reader = SafetensorsReader.FromStream(new MemoryStream(weights));
        var tensors = reader.Names.ToDictionary(name => name, reader.Read);
        change(tensors);
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }
}
