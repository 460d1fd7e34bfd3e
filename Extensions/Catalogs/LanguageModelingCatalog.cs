using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>Language modelling in ML.NET's manner: <c>ml.LanguageModeling.Trainers.Causal(...)</c>, <c>ml.LanguageModeling.EvaluateMemorization(...)</c>.</summary>
/// <remarks>The packages that know the task add its members; <c>MLNetExt.Trainers</c> the trainers, <c>MLNetExt.Evaluation</c> the metrics.</remarks>
public sealed class LanguageModelingCatalog : TaskCatalog
{
    internal LanguageModelingCatalog(IHostEnvironment environment)
        : base(environment) => Trainers = new LanguageModelingTrainers(environment);

    /// <summary>The trainers.</summary>
    public LanguageModelingTrainers Trainers { get; }
}
