using MLNetExt.Components;
using MLNetExt.Training;

namespace MLNetExt.Fitting;

/// <summary>Ends a run when the user's token or the MLContext is canceled.</summary>
internal sealed class RunCancellation : IDisposable
{
    private readonly ComponentHost _host;
    private readonly CancellationToken _user;
    private readonly CancellationTokenSource _source;

    public RunCancellation(ComponentHost host, CancellationToken user)
    {
        _host = host;
        _user = user;
        _source = CancellationTokenSource.CreateLinkedTokenSource(user);
    }

    /// <summary>What the run watches.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Looks at the MLContext, which has no token.</summary>
    public void LookAtHost()
    {
        if (_host.IsCanceled)
            _source.Cancel();
    }

    /// <summary>The exception with the user's own token in it, when that was what ended the run.</summary>
    public TrainingCanceledException Explain(TrainingCanceledException canceled) =>
        _user.IsCancellationRequested ? new TrainingCanceledException(canceled.Step, canceled.CheckpointPath, _user) : canceled;

    public void Dispose() => _source.Dispose();
}
