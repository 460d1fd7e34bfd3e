using Microsoft.ML;
using MLNetExt.Torch;
using static TorchSharp.torch;

namespace MLNetExt.Tests.ChildProcess;

/// <summary>Loads a model with stock <c>Model.Load</c> and writes what it makes of rows; data go in and out in ML.NET's binary format.</summary>
internal static class ScoreModel
{
    /// <param name="model">The saved model.</param>
    /// <param name="rows">The rows to score.</param>
    /// <param name="scores">Where the transformed rows go.</param>
    public static void Run(string model, string rows, string scores)
    {
        var ml = new MLContext();
        ITransformer transformer = ml.Model.Load(model, out _);
        // Not before: loading the model must be enough to load torch. One thread, as in the tests that compare.
        LibTorch.EnsureLoaded();
        set_num_threads(1);
        using FileStream output = File.Create(scores);
        ml.Data.SaveAsBinary(transformer.Transform(ml.Data.LoadFromBinary(rows)), output);
    }
}
