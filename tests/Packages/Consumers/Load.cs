using Microsoft.ML;

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[1], out _);
Predictions.Print(ml, model, Predictions.Load(ml, args[0]));
