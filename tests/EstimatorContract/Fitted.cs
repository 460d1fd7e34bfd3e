using Microsoft.ML;

namespace MLNetExt.Tests.Contract;

/// <summary>A fitted transformer and the context that it was fitted in.</summary>
public sealed record Fitted(MLContext Context, ITransformer Transformer) : IDisposable
{
    public void Dispose() => (Transformer as IDisposable)?.Dispose();
}
