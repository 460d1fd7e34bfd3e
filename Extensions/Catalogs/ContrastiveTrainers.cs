using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>The trainers of <see cref="ContrastiveCatalog"/>.</summary>
public sealed class ContrastiveTrainers : TaskCatalog
{
    internal ContrastiveTrainers(IHostEnvironment environment)
        : base(environment)
    {
    }
}
