using System.Globalization;
using Microsoft.ML;
using MLNetExt.Preference;
using TorchSharp;

namespace MLNetExt.Benchmarks;

/// <summary>Prints, as markdown, the study of repetition of docs/preference-results.md.</summary>
internal static class RepetitionTables
{
    private const int Seeds = 5;

    private static readonly (string Name, Func<PreferenceTrainerOptions> Options)[] s_arms =
    [
        ("pairwise Cringe, b=-10, τ=10", () => new PairwiseCringeOptions()),
        ("pairwise Cringe, b=0, τ=10", () => new PairwiseCringeOptions { Offset = 0 }),
        ("pairwise Cringe, b and τ from the start", () => new PairwiseCringeOptions { AutoGate = true }),
        ("pairwise Cringe, hard margin b=0", () => new PairwiseCringeOptions { Offset = 0, Temperature = 0 }),
        ("pairwise Cringe, b=-10, τ=10, gate differentiated", () => new PairwiseCringeOptions { DetachGate = false }),
        ("binary Cringe", () => new BinaryCringeOptions()),
        ("fine-tuning on the chosen", () => new DirectPreferenceOptions { Loss = PreferenceLoss.ChosenOnly }),
        ("DPO, β=0.1", () => new DirectPreferenceOptions()),
        ("IPO, β=0.1", () => new DirectPreferenceOptions { Loss = PreferenceLoss.Ipo }),
        ("SimPO, β=2", () => new DirectPreferenceOptions { Loss = PreferenceLoss.SimPo, Beta = 2 }),
        ("ORPO, β=0.1", () => new DirectPreferenceOptions { Loss = PreferenceLoss.Orpo }),
        ("KTO, β=0.1", () => new DirectPreferenceOptions { Loss = PreferenceLoss.Kto }),
        ("unlikelihood", () => new DirectPreferenceOptions { Loss = PreferenceLoss.Unlikelihood }),
    ];

    public static void Print()
    {
        torch.set_num_threads(1);
        var context = new MLContext(seed: 0);
        var data = new RepetitionData(context);
        var outcomes = new Dictionary<string, List<RepetitionOutcome>>();
        void Add(string arm, RepetitionOutcome outcome)
        {
            outcomes.TryAdd(arm, []);
            outcomes[arm].Add(outcome);
            Console.Error.WriteLine($"{arm}: {outcome}");
        }

        foreach (int seed in Enumerable.Range(1, Seeds))
        {
            using var recipe = new RepetitionRecipe(context, data, seed);
            Add("base", recipe.Measure(recipe.Base));
            string[] prompts = data.Prompts(seed);
            RepetitionPair[] pairs = recipe.Pairs(recipe.Base, prompts);
            Console.Error.WriteLine($"seed {seed}: {pairs.Length} pairs");
            foreach ((string name, Func<PreferenceTrainerOptions> options) in s_arms)
            {
                (PreferenceTransformer model, double first, double last) = recipe.Train(options(), pairs);
                using (model)
                {
                    Add(name, recipe.Measure(model.LanguageModel) with { FirstGate = first, LastGate = last });
                    if (name != s_arms[0].Name)
                        continue;
                    RepetitionPair[] second = recipe.Pairs(model.LanguageModel, prompts);
                    using PreferenceTransformer again = recipe.Train(options(), [.. pairs, .. second], model.LanguageModel).Model;
                    Add($"{name}, second round", recipe.Measure(again.LanguageModel));
                }
            }
        }

        Console.WriteLine("| model | rep@8, mean ± deviation | seeds 1-5 | with a repeated 8-gram | F1 | perplexity | gate, first and last steps |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach ((string arm, List<RepetitionOutcome> runs) in outcomes)
        {
            string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);
            string gate = double.IsNaN(runs[0].FirstGate) ? "-" : FormattableString.Invariant($"{runs.Average(r => r.FirstGate):F2}, {runs.Average(r => r.LastGate):F2}");
            Console.WriteLine(
                $"| {arm} | {Percent(runs.Average(r => r.Repetition))} ± {Percent(Spread.Of(runs.Select(r => r.Repetition)).Deviation)} % | {string.Join(", ", runs.Select(r => Percent(r.Repetition)))} "
                + $"| {Percent(runs.Average(r => r.RepeatingShare))} % | {Percent(runs.Average(r => r.F1))} % | {runs.Average(r => r.Perplexity).ToString("F2", CultureInfo.InvariantCulture)} | {gate} |");
        }
    }
}
