using Microsoft.ML;

var ml = new MLContext(seed: 1);
IDataView letters = Predictions.Load(ml, args[0]);

ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Letter")
    .Append(ml.MulticlassClassification.Trainers.Squentropy(epochs: 3, hiddenLayers: 1, hiddenUnits: 32))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLetter", "PredictedLabel"))
    .Fit(ml.Data.TakeRows(letters, 2000));

ml.Model.Save(model, letters.Schema, args[1]);
Predictions.Print(ml, model, letters);
