using Microsoft.ML;

namespace MLNetExt.Benchmarks;

/// <summary>tinyshakespeare: 1,003,854 characters to learn from, 55,770 to validate, 55,770 to test, each as one document.</summary>
internal sealed record ShakespeareData(IDataView Train, IDataView Validation, IDataView Test)
{
    /// <summary>Reads the data; null when they are not there.</summary>
    public static ShakespeareData? Read(MLContext context)
    {
        if (Repository.SharedData("tinyshakespeare") is not { } folder)
            return null;
        IDataView Part(string name) => context.Data.LoadFromEnumerable([new TokenSequence { Text = File.ReadAllText(Path.Combine(folder, $"{name}.txt")) }]);
        return new ShakespeareData(Part("train"), Part("valid"), Part("test"));
    }
}
