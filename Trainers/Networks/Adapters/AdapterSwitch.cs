namespace MLNetExt.Networks;

/// <summary>Turns all adapters of a network off and on.</summary>
internal sealed class AdapterSwitch : IDisposable
{
    public bool IsOn { get; private set; } = true;

    /// <summary>Turns them off until the result is disposed.</summary>
    public IDisposable TurnOff()
    {
        IsOn = false;
        return this;
    }

    public void Dispose() => IsOn = true;
}
