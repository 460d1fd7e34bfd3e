using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using MLNetExt.Cli.Models;
using MLNetExt.Cli.Output;
using Spectre.Console;

namespace MLNetExt.Cli.Commands;

/// <summary><c>mlnetext inspect</c>.</summary>
internal sealed class InspectCommand : Command
{
    private const int MostShown = 30;
    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new("model") { Description = "A model file, or a Hugging Face directory of a language model or a text encoder." };
    private readonly Option<bool> _json = new("--json") { Description = "Write the result as JSON, with the components' stored headers." };

    public InspectCommand(Terminal terminal)
        : base("inspect", "Show what a model holds.")
    {
        _terminal = terminal;
        Add(_model);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_model);
        ModelSummary summary = Summarize(path);
        if (parsed.GetValue(_json))
            _terminal.WriteJson(summary);
        else
            Show(path, summary);
        return ExitCode.Success;
    }

    private ModelSummary Summarize(string path)
    {
        MLContext ml = Contexts.Create(_terminal);
        if (EncoderFile.IsDirectory(path))
        {
            using var encoder = EncoderFile.Load(ml, path);
            return ModelSummary.OfDirectory(path, encoder.Model, encoder.Model.TokensColumnName);
        }

        if (Directory.Exists(path))
        {
            using var decoder = LanguageModelFile.Load(ml, path);
            return ModelSummary.OfDirectory(path, decoder.Model, decoder.Model.TokensColumnName);
        }

        (ITransformer model, DataViewSchema inputs) = ModelFile.Load(ml, path);
        using var owned = model as IDisposable;
        return ModelSummary.Of(path, model, inputs);
    }

    private void Show(string path, ModelSummary summary)
    {
        _terminal.Out.WriteLine($"{path}: {Format.Count(summary.Bytes)} bytes, {summary.Parts.Count} {(summary.Parts.Count == 1 ? "part" : "parts")}");

        Table inputs = new Table().RoundedBorder().AddColumns("input", "type");
        foreach (ModelColumn column in summary.Inputs.Take(MostShown))
            inputs.AddRow(Markup.Escape(column.Name), Markup.Escape(column.Type));
        if (summary.Inputs.Count > MostShown)
            inputs.AddRow($"and {summary.Inputs.Count - MostShown} more", "");
        _terminal.Show(inputs);

        Table parts = new Table().RoundedBorder().AddColumns("part", "of", "what it has learned");
        foreach (ModelPart part in summary.Parts)
            parts.AddRow(Markup.Escape(part.Type), Markup.Escape(part.Component ?? "ML.NET"), Markup.Escape(Learned(part)));
        _terminal.Show(parts);
    }

    private static string Learned(ModelPart part) => part switch
    {
        { Classifier: { } classifier } => string.Create(
            CultureInfo.InvariantCulture,
            $"{classifier.ClassCount} classes from {classifier.Features} features with {classifier.Weights:N0} weights, temperature {classifier.Temperature:G4}: {Names(classifier.Classes)}"),
        { Towers: { } towers } => string.Create(
            CultureInfo.InvariantCulture,
            $"embeddings of {towers.EmbeddingSize} numbers, {towers.Loss} loss, t {towers.Temperature:G4}, b {towers.Bias:G4}; left: {InWords(towers.Left)}; right: {InWords(towers.Right)}"),
        { LanguageModel: { } model } => string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Family} language model, {model.Layers} layers of width {model.Width} with {model.Weights:N0} weights, context {model.Context:N0}, vocabulary {model.Vocabulary:N0}{(model.HasTokenizer ? "" : ", no tokenizer")}"),
        { Encoder: { } encoder } => string.Create(
            CultureInfo.InvariantCulture,
            $"{encoder.Family} text encoder, {encoder.Layers} layers of width {encoder.Width} with {encoder.Weights:N0} weights{(encoder.HasLocalStem ? ", local stem" : "")}, context {encoder.Context:N0}, vocabulary {encoder.Vocabulary:N0}{(encoder.HasTokenizer ? "" : ", no tokenizer")}"),
        { TextClassifier: { } texts } => string.Create(
            CultureInfo.InvariantCulture,
            $"{texts.ClassCount} classes of texts, an encoder of width {texts.Width} with {texts.Weights:N0} weights, context {texts.Context:N0}, vocabulary {texts.Vocabulary:N0}, temperature {texts.Temperature:G4}: {Names(texts.Classes)}"),
        { Reward: { } reward } => string.Create(
            CultureInfo.InvariantCulture,
            $"{reward.Kind} reward of '{reward.InputColumn}', and of pairs '{reward.ChosenColumn}' and '{reward.RejectedColumn}', with {reward.Weights:N0} weights"),
        _ => "",
    };

    private static string InWords(TowerSummary tower) =>
        string.Create(CultureInfo.InvariantCulture, $"{tower.Kind} of '{tower.Column}' with {tower.Weights:N0} weights");

    private static string Names(IReadOnlyList<string> classes) => string.Join(", ", classes.Take(MostShown)) + (classes.Count > MostShown ? ", ..." : "");
}
