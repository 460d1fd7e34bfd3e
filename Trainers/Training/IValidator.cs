namespace MLNetExt.Training;

/// <summary>Measures the network on the validation part.</summary>
public interface IValidator
{
    /// <summary>Measures the network, which the loop has put into evaluation mode, without gradients, inside a dispose scope.</summary>
    /// <param name="cancellationToken">Stops a long validation; the resumed run begins with it again.</param>
    /// <returns>At least one metric. The first is the criterion for the best weights and early stopping; a NaN is never
    /// an improvement.</returns>
    IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken);
}
