using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;
using Spectre.Console;

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
        Table table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.Columns[1].RightAligned();
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
        if (Test is not null)
        {
            Row("test perplexity", Format.Decimal(Test.Perplexity));
            if (Test.BitsPerCharacter is { } bits)
                Row("bits per character", Format.Decimal(bits));
            Row("test documents", Format.Count(Test.DocumentCount));
        }

        Row("training documents", Format.Count(Statistics.Documents));
        Row("tokens", Format.Count(Statistics.Targets));
        Row("kept in the loss", Format.Percent(KeptShare));
        Row("vocabulary", Format.Count(Network.Vocabulary));
        Row("network", $"{Network.Family}, {Network.Layers} layers of width {Network.Width}, context {Network.Context}");
        Row("weights", Format.Count(Network.Weights));
        Row("epochs", Format.Count(Epochs));
        Row("time", Format.Duration(Duration));
        Row("model", Model);
        if (HuggingFace is not null)
            Row("Hugging Face directory", HuggingFace);
        terminal.Show(table);
        if (Test is null)
            terminal.Error.WriteLine(TrainingTable.NoTestPart);
    }
}
