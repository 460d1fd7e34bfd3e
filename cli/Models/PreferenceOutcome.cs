using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train preference</c> reports.</summary>
/// <param name="Model">The model file.</param>
/// <param name="HuggingFace">The model directory that was written too; null for none.</param>
/// <param name="Method">The loss, as typed.</param>
/// <param name="Network">What was trained.</param>
/// <param name="Rows">The rows that were trained on, those set aside by <c>--validation-fraction</c> included.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Pairs">The model on the test pairs at the start and trained; null when there are none.</param>
/// <param name="Completions">The model on the single completions of the test part; null when there are none.</param>
/// <param name="Duration">From reading to the saved and measured model.</param>
internal sealed record PreferenceOutcome(
    string Model,
    string? HuggingFace,
    string Method,
    LanguageModelSummary Network,
    int Rows,
    int Epochs,
    (PreferenceMetrics Start, PreferenceMetrics Trained)? Pairs,
    (LabelledMetrics Start, LabelledMetrics Trained)? Completions,
    TimeSpan Duration)
    : ITrainingOutcome
{
    public object ToJson() => new
    {
        Start = Pairs is { } pairs ? PreferenceTest.ToJson(pairs.Start) : Completions?.Start,
        Trained = Pairs is { } both ? PreferenceTest.ToJson(both.Trained) : Completions?.Trained,
        Gain = Pairs is { } measured ? PreferenceTest.ToJson(measured.Trained.GainOver(measured.Start)) : null,
        Method,
        Rows,
        Epochs,
        Network,
        Seconds = Duration.TotalSeconds,
        Model,
        HuggingFace,
    };

    public void Show(Terminal terminal)
    {
        if (Pairs is { } pairs)
            terminal.Out.WriteLine(new PreferenceReport().Add("start", pairs.Start).Add("trained", pairs.Trained));
        var facts = new FactTable();
        if (Completions is { } completions)
            Show(completions.Start, completions.Trained, facts);

        facts.Add("method", Method);
        facts.Add("training rows", Format.Count(Rows));
        facts.Add("network", $"{Network.Family}, {Network.Layers} layers of width {Network.Width}, context {Network.Context}");
        facts.Add("weights", Format.Count(Network.Weights));
        facts.Add("epochs", Format.Count(Epochs));
        facts.Add("time", Format.Duration(Duration));
        facts.Add("model", Model);
        if (HuggingFace is not null)
            facts.Add("Hugging Face directory", HuggingFace);
        terminal.Show(facts);
        if (Pairs is null && Completions is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }

    private static void Show(LabelledMetrics start, LabelledMetrics trained, FactTable facts)
    {
        void Both(string name, Func<LabelledMetrics, double?> value) => facts.Add($"{name}, start and trained", $"{Text(value(start))}, {Text(value(trained))}");
        Both("desired completions, nats a token", of => of.Desired);
        Both("undesired completions, nats a token", of => of.Undesired);
        Both("AUC", of => of.Auc);
        facts.Add("test completions (empty)", $"{Format.Count(trained.Completions)} ({Format.Count(trained.EmptyRows)})");
        if (trained.PromptsCut + trained.CompletionsCut > 0)
            facts.Add("prompts cut, completions cut", $"{Format.Count(trained.PromptsCut)}, {Format.Count(trained.CompletionsCut)}");
    }

    private static string Text(double? value) => value is { } number ? Format.Decimal(number) : "n/a";
}
