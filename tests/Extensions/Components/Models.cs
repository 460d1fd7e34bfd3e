using Contoso.Components;
using Microsoft.ML;
using MLNetExt.Classification;

namespace MLNetExt.Tests.Components;

/// <summary>Small models of every kind of component, as bytes of their zip.</summary>
internal static class Models
{
    public const string Standardizer = "Contoso.Standardizer";
    public const string NearestCentroid = "Contoso.NearestCentroid";
    public const string Squentropy = "MLNetExt.Squentropy";
    public const string SquentropyWithNetwork = "MLNetExt.Squentropy with Contoso.WideNetwork";
    public const string Chain = "a chain of Contoso's two, with input schema";

    public static string[] All => [Standardizer, NearestCentroid, Squentropy, SquentropyWithNetwork, Chain];

    /// <summary>The vector column that the model adds.</summary>
    public static string Output(string model) => model == Standardizer ? "Scaled" : "Score";

    public static ITransformer Fit(string model, MLContext ml, IDataView data) => model switch
    {
        Standardizer => ml.Transforms.Standardize("Scaled", "Features").Fit(data),
        NearestCentroid => ml.MulticlassClassification.Trainers.NearestCentroid().Fit(data),
        Squentropy => ml.MulticlassClassification.Trainers.Squentropy(Options()).Fit(data),
        SquentropyWithNetwork => ml.MulticlassClassification.Trainers.Squentropy(Options(new WideNetwork { HiddenUnits = 5 })).Fit(data),
        Chain => ml.Transforms.Standardize("Scaled", "Features")
            .Append(ml.MulticlassClassification.Trainers.NearestCentroid(featureColumnName: "Scaled")).Fit(data),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "There is no such model."),
    };

    public static byte[] Save(string model)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = Flower.Data(ml);
        ITransformer transformer = Fit(model, ml, data);
        using var stream = new MemoryStream();
        ml.Model.Save(transformer, model == Chain ? data.Schema : null, stream);
        (transformer as IDisposable)?.Dispose();
        return stream.ToArray();
    }

    private static SquentropyOptions Options(WideNetwork? network = null)
    {
        var options = new SquentropyOptions { HiddenLayers = 1, HiddenUnits = 6, BatchNormalization = true, Network = network };
        options.Training.Epochs = 3;
        return options;
    }
}
