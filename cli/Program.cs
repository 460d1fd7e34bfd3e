using System.Globalization;
using System.Runtime.InteropServices;
using MLNetExt.Cli;
using MLNetExt.Cli.Output;

// Files and options hold invariant numbers, whatever the user's language is.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, CancelFirst);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, CancelFirst);
return Tool.Run(args, Terminal.OfProcess(cancellation.Token));

// The first signal asks for a checkpoint and a tidy end; the second keeps its meaning and kills.
void CancelFirst(PosixSignalContext signal)
{
    if (cancellation.IsCancellationRequested)
        return;
    signal.Cancel = true;
    Console.Error.WriteLine("Stopping; press Ctrl-C again to stop at once.");
    cancellation.Cancel();
}
