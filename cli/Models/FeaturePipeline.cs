using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Cli.Data;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace MLNetExt.Cli.Models;

/// <summary>From a file's columns to one feature vector; a part of the saved model.</summary>
internal static class FeaturePipeline
{
    /// <summary>Builds the estimator for a plan.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="plan">The columns.</param>
    /// <param name="output">The vector's name; the columns on the way to it begin with it.</param>
    public static IEstimator<ITransformer> Create(MLContext ml, ColumnPlan plan, string output)
    {
        string allNumbers = $"{output}: numbers";
        var chain = new EstimatorChain<ITransformer>();
        var parts = new List<string>();
        void Append(IEstimator<ITransformer> step) => chain = chain.Append(step);

        string[] numbers = [.. plan.Features.Where(c => c.Role == ColumnRole.Number).Select(c => c.Name)];
        if (numbers.Length > 0)
        {
            Append(ml.Transforms.Concatenate(allNumbers, numbers));
            Append(ml.Transforms.ReplaceMissingValues(allNumbers, replacementMode: ReplacementMode.Mean));
            parts.Add(allNumbers);
        }

        foreach (FeatureColumn column in plan.Features)
        {
            string name = $"{output}: {column.Name}";
            switch (column.Role)
            {
                case ColumnRole.Number when column.HasMissing:
                    Append(ml.Transforms.IndicateMissingValues(name, column.Name));
                    Append(ml.Transforms.Conversion.ConvertType(name, outputKind: DataKind.Single));
                    break;
                case ColumnRole.Number:
                    continue;
                case ColumnRole.Category:
                    Append(ml.Transforms.Categorical.OneHotEncoding(name, column.Name));
                    break;
                default:
                    Append(ml.Transforms.Text.FeaturizeText(name, column.Name));
                    break;
            }

            parts.Add(name);
        }

        Append(ml.Transforms.Concatenate(output, [.. parts]));
        return chain;
    }
}
