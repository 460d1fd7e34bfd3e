using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>The trainers of <see cref="PreferenceCatalog"/>.</summary>
public sealed class PreferenceTrainers : TaskCatalog
{
    internal PreferenceTrainers(IHostEnvironment environment)
        : base(environment)
    {
    }
}
