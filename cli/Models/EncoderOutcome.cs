using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;

namespace MLNetExt.Cli.Models;

/// <summary>What <c>train encoder</c> reports.</summary>
/// <param name="Model">The model file.</param>
/// <param name="HuggingFace">The model directory that was written too; null for none.</param>
/// <param name="Network">What was trained.</param>
/// <param name="Documents">The documents that it was trained on, those set aside by <c>--validation-fraction</c> included.</param>
/// <param name="Rows">The rows that they were cut into.</param>
/// <param name="Tokens">Their tokens, without those set around texts.</param>
/// <param name="Epochs">The epochs that were trained.</param>
/// <param name="Duration">From reading to the saved and measured model.</param>
/// <param name="Test">How well it predicts masked tokens of the test documents; null when there are none.</param>
/// <param name="TestDocuments">How many there are.</param>
internal sealed record EncoderOutcome(
    string Model, string? HuggingFace, EncoderSummary Network, int Documents, int Rows, long Tokens, int Epochs, TimeSpan Duration, MaskedMetrics? Test, int TestDocuments)
    : ITrainingOutcome
{
    public object ToJson() => new
    {
        Test?.Loss,
        Test?.Perplexity,
        TestDocuments,
        TestTokens = Test?.TokenCount ?? 0,
        Documents,
        Rows,
        Tokens,
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
            facts.Add("test loss of masked tokens", Format.Decimal(Test.Loss));
            facts.Add("test perplexity", Format.Decimal(Test.Perplexity));
            facts.Add("test documents", Format.Count(TestDocuments));
        }

        facts.Add("training documents", Format.Count(Documents));
        facts.Add("rows", Format.Count(Rows));
        facts.Add("tokens", Format.Count(Tokens));
        facts.Add("vocabulary", Format.Count(Network.Vocabulary));
        facts.Add("network", $"{Network.Family}, {Network.Layers} layers of width {Network.Width}, context {Network.Context}{(Network.HasLocalStem ? ", local stem" : "")}");
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
