using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetExt.Components;

/// <summary>The base of every transformer that stock <c>mlContext.Model.Save</c> and <c>Load</c> should carry.</summary>
/// <remarks>A concrete class carries <see cref="LoadableComponentAttribute"/> and implements
/// <see cref="ILoadableTransformer{TSelf}"/>; it needs no access to ML.NET's internals. See docs/components.md.</remarks>
public abstract class ComponentTransformer : ITransformer, IDisposable
{
    /// <inheritdoc/>
    public abstract bool IsRowToRowMapper { get; }

    /// <inheritdoc/>
    public abstract DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

    /// <inheritdoc/>
    public abstract IDataView Transform(IDataView input);

    /// <inheritdoc/>
    public abstract IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);

    /// <summary>Writes all that <see cref="ILoadableTransformer{TSelf}.Load"/> needs.</summary>
    protected abstract void Save(ModelWriter writer);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        if (!ComponentLoader.IsLoadable(GetType()))
            throw new InvalidOperationException($"{GetType()} cannot be saved, because it could not be loaded: it must implement ILoadableTransformer<{GetType().Name}>.");
        ctx.CheckAtModel();
        ctx.SetVersionInfo(ComponentLoader.Version);
        var writer = new ModelWriter(ctx, GetType());
        Save(writer);
        writer.Complete();
    }

    /// <summary>Whether <see cref="Dispose()"/> was called.</summary>
    protected bool IsDisposed { get; private set; }

    /// <summary>Releases the native memory that the transformer owns.</summary>
    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the transformer owns; called once.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> called it.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
