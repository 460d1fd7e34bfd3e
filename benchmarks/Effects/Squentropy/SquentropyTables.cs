using Microsoft.ML;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, what squentropy does to accuracy and calibration where it helps and where it does not.</summary>
internal static class SquentropyTables
{
    private const int Seeds = 10;
    private static readonly MLContext s_context = new(seed: 0);

    public static void Print()
    {
        // Networks this small run fastest on one thread, and give the same numbers each time.
        torch.set_num_threads(1);
        Console.WriteLine("| data | recipe | loss | accuracy % | ECE % |");
        Console.WriteLine("|---|---|---|---|---|");

        double[] paper = [0, 1], sweep = [0, 0.1, 0.25, 0.5, 1];
        EffectData digits = EffectData.Digits300(s_context, noisy: false);
        EffectData noisy = EffectData.Digits300(s_context, noisy: true);
        Print("digits, 300 rows", digits, new EffectRecipe(), sweep);
        Print("digits, 300 rows, 20 % label noise", noisy, new EffectRecipe(), sweep);
        Print("digits, 300 rows", digits, new EffectRecipe(LearningRate: 0.01, Epochs: 60), paper);
        Print("digits, 1,000 rows, 20 % label noise", EffectData.Digits1000WithNoise(s_context), new EffectRecipe(Epochs: 30), paper);
        EffectData cancer = EffectData.BreastCancer(s_context);
        Print("breast cancer", cancer, new EffectRecipe(), [0, 0.1, 1]);
        Print("breast cancer", cancer, new EffectRecipe(LearningRate: 0.01), [0, 0.1, 1]);
    }

    private static void Print(string name, EffectData data, EffectRecipe recipe, double[] squareWeights)
    {
        foreach (double weight in squareWeights)
        {
            EffectSummary summary = EffectSummary.Of(Enumerable.Range(1, Seeds).Select(seed => recipe.Run(s_context, data, weight, seed)));
            string loss = weight == 0 ? "cross-entropy" : FormattableString.Invariant($"squentropy, w = {weight}");
            Console.WriteLine(FormattableString.Invariant($"| {name} | rate {recipe.LearningRate}, {recipe.Epochs} epochs | {loss} | {summary} |"));
        }
    }
}
