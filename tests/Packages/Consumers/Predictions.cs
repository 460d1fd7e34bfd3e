using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

internal static class Predictions
{
    public static IDataView Load(MLContext ml, string csv) => ml.Data.LoadFromTextFile(csv,
        [new("Letter", DataKind.String, 0), new("Features", DataKind.Single, 2, 17)], separatorChar: ',', hasHeader: true);

    /// <summary>Prints the predictions for fifty rows that the model was not trained on, one a line: the letter, then the probabilities.</summary>
    public static void Print(MLContext ml, ITransformer model, IDataView letters)
    {
        IDataView rows = ml.Data.TakeRows(ml.Data.SkipRows(letters, 10_000), 50);
        foreach (Prediction prediction in ml.Data.CreateEnumerable<Prediction>(model.Transform(rows), reuseRowObject: false))
        {
            var scores = prediction.Score.Select(s => s.ToString("R", CultureInfo.InvariantCulture));
            Console.WriteLine($"{prediction.PredictedLetter} {string.Join(' ', scores)}");
        }
    }

    private sealed class Prediction
    {
        public string PredictedLetter { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
