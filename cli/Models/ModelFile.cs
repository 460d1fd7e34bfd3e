using Microsoft.ML;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>Model files: written whole or not at all, read with clear errors.</summary>
internal static class ModelFile
{
    /// <summary>Makes the file's folder, and fails now rather than after hours of training when nothing can be written there.</summary>
    /// <exception cref="UserErrorException">Nothing can be written there.</exception>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path))
            throw new UserErrorException($"--out '{path}' is a folder: name a file in it.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--out '{path}': the folder '{folder}' cannot be written to: {e.Message}");
        }
    }

    /// <summary>Saves a model that stock <c>mlContext.Model.Load</c> reads.</summary>
    public static void Save(MLContext ml, ITransformer model, DataViewSchema inputs, string path) =>
        AtomicFile.Write(path, stream => ml.Model.Save(model, inputs, stream));

    /// <summary>Loads a model; the caller disposes it.</summary>
    /// <exception cref="UserErrorException">There is no such file, it is a folder, or it is no model.</exception>
    public static (ITransformer Model, DataViewSchema Inputs) Load(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new UserErrorException(Directory.Exists(path) ? $"'{path}' is a folder: name a model file." : $"There is no model file '{path}'.");
        try
        {
            ITransformer model = ml.Model.Load(path, out DataViewSchema inputs);
            return (model, inputs ?? throw new UserErrorException($"'{path}' does not say which columns the model reads: save it with its input schema."));
        }
        catch (Exception e) when (e.GetBaseException() is not (UserErrorException or DllNotFoundException or OutOfMemoryException))
        {
            // ML.NET creates what it loads by reflection: the reason is inside a TargetInvocationException. Damaged bytes can
            // cause nearly any exception; only those that say something about the machine are left as they are.
            throw new UserErrorException($"'{path}' cannot be loaded as an ML.NET model: {e.GetBaseException().Message}");
        }
    }
}
