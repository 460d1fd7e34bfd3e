using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train lm</c> reports.</summary>
/// <param name="Model">The model file.</param>
/// <param name="HuggingFace">The model directory that was written too; null for none.</param>
/// <param name="Network">What was trained.</param>
/// <param name="Statistics">The documents that it was trained on, those set aside by <c>--validation-fraction</c> included.</param>
/// <param name="KeptShare">The share of tokens that were learned each time they were seen.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Duration">From reading to the saved and measured model.</param>
/// <param name="Test">How well it predicts the test documents; null when there are none.</param>
internal sealed record LanguageModelOutcome(
    string Model, string? HuggingFace, LanguageModelSummary Network, TokenStatistics Statistics, double KeptShare, int Epochs, TimeSpan Duration, PerplexityMetrics? Test)
    : ITrainingOutcome
{
    public object ToJson() => new
    {
        Test?.Perplexity,
        Test?.BitsPerCharacter,
        Test?.BitsPerByte,
        TestDocuments = Test?.DocumentCount ?? 0,
        TestTokens = Test?.TokenCount ?? 0,
        Statistics.Documents,
        Tokens = Statistics.Targets,
        KeptShare,
        Epochs,
        Network,
        Seconds = Duration.TotalSeconds,
        Model,
        HuggingFace,
    };

    public void Show(Terminal terminal)
    {
        var facts = new FactTable();
        if (Test is not null)
        {
            facts.Add("test perplexity", Format.Decimal(Test.Perplexity));
            if (Test.BitsPerCharacter is { } bits)
                facts.Add("bits per character", Format.Decimal(bits));
            facts.Add("test documents", Format.Count(Test.DocumentCount));
        }

        facts.Add("training documents", Format.Count(Statistics.Documents));
        facts.Add("tokens", Format.Count(Statistics.Targets));
        facts.Add("kept in the loss", Format.Percent(KeptShare));
        facts.Add("vocabulary", Format.Count(Network.Vocabulary));
        facts.Add("network", $"{Network.Family}, {Network.Layers} layers of width {Network.Width}, context {Network.Context}");
        facts.Add("weights", Format.Count(Network.Weights));
        facts.Add("epochs", Format.Count(Epochs));
        facts.Add("time", Format.Duration(Duration));
        facts.Add("model", Model);
        if (HuggingFace is not null)
            facts.Add("Hugging Face directory", HuggingFace);
        terminal.Show(facts);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }
}
