using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Tests.ChildProcess;

/// <summary>Loads a model as any application does, scores a binary data view, and prints a vector column bit by bit.</summary>
/// <remarks>It uses ML.NET alone: the components in the model are found through this program's dependencies.</remarks>
public static class LoadModel
{
    /// <param name="modelPath">The model.</param>
    /// <param name="dataPath">The data to score; null to load the model alone.</param>
    /// <param name="column">The vector column; likewise.</param>
    public static void Run(string modelPath, string? dataPath, string? column)
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(modelPath, out _);
        if (dataPath is null || column is null)
            return;
        IDataView scored = model.Transform(mlContext.Data.LoadFromBinary(dataPath));
        foreach (string row in Print(scored, column))
            Console.WriteLine(row);
    }

    /// <summary>Each row of the column as the bits of its numbers.</summary>
    public static IEnumerable<string> Print(IDataView data, string column) =>
        data.GetColumn<float[]>(column).Select(row => string.Join(' ', row.Select(x => BitConverter.SingleToInt32Bits(x).ToString("x8", CultureInfo.InvariantCulture))));
}
