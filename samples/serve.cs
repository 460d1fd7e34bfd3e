#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:project ../Trainers/MLNetExt.Trainers.csproj
#:package libtorch-cpu-linux-x64

// A web API over the model that samples/letter.cs saved: dotnet run samples/serve.cs letter-sample.zip --urls http://127.0.0.1:5080
// curl -X POST http://127.0.0.1:5080/predict -H 'Content-Type: application/json' -d '{"features":[2,4,4,3,2,7,8,2,9,11,7,7,1,8,5,6]}'

using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;

string modelPath = args.FirstOrDefault(a => a.EndsWith(".zip", StringComparison.Ordinal)) ?? "letter-sample.zip";
var ml = new MLContext();
ITransformer model = ml.Model.Load(modelPath, out _);
var policy = new EnginePolicy(ml, model);
var pool = new DefaultObjectPool<PredictionEngine<Letter, Prediction>>(policy, maximumRetained: 2 * Environment.ProcessorCount);
try
{
    // The first engine is made now, so that a model with other columns fails here and not at the first request.
    pool.Return(policy.Create());
}
catch (Exception e) when (e is ArgumentException or InvalidOperationException)
{
    Console.Error.WriteLine($"'{modelPath}' does not fit Letter and Prediction, as the model that samples/letter.cs saves does: {e.Message}");
    return 2;
}

WebApplicationBuilder builder = WebApplication.CreateBuilder([.. args.Where(a => a != modelPath)]);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton<ObjectPool<PredictionEngine<Letter, Prediction>>>(pool);
WebApplication app = builder.Build();

app.MapGet("/health", () => "ok");
app.MapPost("/predict", (Letter letter, ObjectPool<PredictionEngine<Letter, Prediction>> engines) =>
{
    if (letter.Features.Length != Letter.FeatureCount)
        return Results.BadRequest($"\"features\" must hold {Letter.FeatureCount} numbers, but holds {letter.Features.Length}.");
    PredictionEngine<Letter, Prediction> engine = engines.Get();
    try
    {
        Prediction prediction = engine.Predict(letter);
        return Results.Ok(new { letter = prediction.PredictedLetter, probability = prediction.Score.Max() });
    }
    finally
    {
        engines.Return(engine);
    }
});
app.Run();
return 0;

/// <summary>Engines are not thread-safe, so each request borrows one; they share the model, which is.</summary>
internal sealed class EnginePolicy(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Letter, Prediction>>
{
    public override PredictionEngine<Letter, Prediction> Create() =>
        ml.Model.CreatePredictionEngine<Letter, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

    public override bool Return(PredictionEngine<Letter, Prediction> obj) => true;
}

internal sealed class Letter
{
    public const int FeatureCount = 16;

    public string Label { get; set; } = "";

    [VectorType(FeatureCount)]
    public float[] Features { get; set; } = [];
}

internal sealed class Prediction
{
    public string PredictedLetter { get; set; } = "";

    public float[] Score { get; set; } = [];
}
