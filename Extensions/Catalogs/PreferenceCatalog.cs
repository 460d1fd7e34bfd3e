using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>Learning from preferences in ML.NET's manner: <c>ml.Preference.Trainers.PairwiseCringe(...)</c>, <c>ml.Preference.Evaluate(...)</c>.</summary>
/// <remarks>The packages that know the task add its members; <c>MLNetExt.Trainers</c> the trainers, <c>MLNetExt.Evaluation</c> the metrics.</remarks>
public sealed class PreferenceCatalog : TaskCatalog
{
    internal PreferenceCatalog(IHostEnvironment environment)
        : base(environment) => Trainers = new PreferenceTrainers(environment);

    /// <summary>The trainers.</summary>
    public PreferenceTrainers Trainers { get; }
}
