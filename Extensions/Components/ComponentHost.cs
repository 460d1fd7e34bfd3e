using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetExt.Components;

/// <summary>What a component asks of the environment that it runs in.</summary>
public sealed class ComponentHost
{
    private readonly IHost _host;
    private readonly string _name;

    /// <summary>Registers a component with its environment.</summary>
    /// <param name="environment">The environment, an <see cref="MLContext"/> for example.</param>
    /// <param name="name">The component's name, which log messages carry.</param>
    public ComponentHost(IHostEnvironment environment, string name)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _host = environment.Register(name);
        _name = name;
    }

    /// <summary>The environment itself.</summary>
    public IHostEnvironment Environment => _host;

    /// <summary>Whether <c>MLContext.CancelExecution</c> was called.</summary>
    public bool IsCanceled => _host is ICancelable { IsCanceled: true };

    /// <summary>Draws one seed from the environment's generator: the same one for the same <c>MLContext</c> seed and order of calls.</summary>
    public int DrawSeed() => _host.Rand.Next();

    /// <summary>Sends a message to <c>MLContext.Log</c>.</summary>
    public void Info(string message) => Send(_host, _name, ChannelMessageKind.Info, message);

    /// <summary>Sends a warning to <c>MLContext.Log</c>.</summary>
    public void Warn(string message) => Warn(_host, _name, message);

    /// <summary>Sends a warning from code that is no component.</summary>
    internal static void Warn(IHostEnvironment environment, string name, string message) => Send(environment, name, ChannelMessageKind.Warning, message);

    private static void Send(IChannelProvider provider, string name, ChannelMessageKind kind, string message)
    {
        using IChannel channel = provider.Start(name);
        channel.Send(new ChannelMessage(kind, MessageSensitivity.Unknown, message));
    }
}
