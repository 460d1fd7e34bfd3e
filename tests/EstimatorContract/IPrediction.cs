namespace MLNetExt.Tests.Contract;

/// <summary>What a <c>PredictionEngine</c> returns for a row.</summary>
public interface IPrediction
{
    /// <summary>The prediction as numbers, for comparison.</summary>
    double[] Numbers();
}
