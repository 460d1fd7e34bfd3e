using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>Contrastive learning in ML.NET's manner: <c>ml.Contrastive.Trainers.Sigmoid(...)</c>, <c>ml.Contrastive.EvaluateRetrieval(...)</c>.</summary>
/// <remarks>The packages that know the task add its members; <c>MLNetExt.Trainers</c> the trainers, <c>MLNetExt.Evaluation</c> the metrics.</remarks>
public sealed class ContrastiveCatalog : TaskCatalog
{
    internal ContrastiveCatalog(IHostEnvironment environment)
        : base(environment) => Trainers = new ContrastiveTrainers(environment);

    /// <summary>The trainers.</summary>
    public ContrastiveTrainers Trainers { get; }
}
