using MLNetExt.Training;

namespace MLNetExt.Tests.Training;

/// <summary>Returns given criterion values one after another.</summary>
internal sealed class ScriptedValidator(bool higherIsBetter, params double[] values) : IValidator
{
    public int Calls { get; private set; }

    public Action<int>? OnValidate { get; init; }

    public IReadOnlyList<ValidationMetric> Validate(CancellationToken cancellationToken)
    {
        OnValidate?.Invoke(Calls);
        cancellationToken.ThrowIfCancellationRequested();
        return [new("Score", values[Calls++], higherIsBetter), new("Other", 1, true)];
    }
}
