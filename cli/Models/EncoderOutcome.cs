using MLNetExt.Cli.Data;
using MLNetExt.Cli.Output;
using MLNetExt.Evaluation;
using Spectre.Console;

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
        Table table = new Table().RoundedBorder().HideHeaders().AddColumns("", "");
        table.Columns[1].RightAligned();
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
        if (Test is not null)
        {
            Row("test loss of masked tokens", Format.Decimal(Test.Loss));
            Row("test perplexity", Format.Decimal(Test.Perplexity));
            Row("test documents", Format.Count(TestDocuments));
        }

        Row("training documents", Format.Count(Documents));
        Row("rows", Format.Count(Rows));
        Row("tokens", Format.Count(Tokens));
        Row("vocabulary", Format.Count(Network.Vocabulary));
        Row("network", $"{Network.Family}, {Network.Layers} layers of width {Network.Width}, context {Network.Context}{(Network.HasLocalStem ? ", local stem" : "")}");
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
