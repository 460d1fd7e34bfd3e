using Microsoft.ML.Runtime;
using MLNetExt.Catalogs;

namespace Microsoft.ML;

/// <summary>Contoso's own task: <c>ml.Anomalies</c>.</summary>
public sealed class AnomalyCatalog(IHostEnvironment environment) : TaskCatalog(environment);
