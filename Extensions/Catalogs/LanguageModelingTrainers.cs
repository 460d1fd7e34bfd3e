using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>The trainers of <see cref="LanguageModelingCatalog"/>.</summary>
public sealed class LanguageModelingTrainers : TaskCatalog
{
    internal LanguageModelingTrainers(IHostEnvironment environment)
        : base(environment)
    {
    }
}
