using Microsoft.ML.Runtime;

namespace MLNetExt.Catalogs;

/// <summary>The base of a task's catalog: what its extension members need to make components.</summary>
public abstract class TaskCatalog
{
    private readonly IHostEnvironment _environment;

    /// <summary>Makes a catalog.</summary>
    /// <param name="environment">The environment of its components: an <see cref="Microsoft.ML.MLContext"/> is one.</param>
    protected TaskCatalog(IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
    }

    /// <summary>The environment behind the catalog, for extension members that make components.</summary>
    public IHostEnvironment GetEnvironment() => _environment;
}
