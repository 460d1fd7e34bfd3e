using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Classification;
using MLNetExt.Components;
using MLNetExt.Contrastive;
using MLNetExt.LanguageModeling;
using MLNetExt.Preference;

namespace MLNetExt.Cli.Models;

/// <summary>What a model file holds.</summary>
/// <param name="Bytes">The size of the file, or of the files of a directory.</param>
/// <param name="Inputs">The columns it reads.</param>
/// <param name="Parts">Its transformers, in order.</param>
internal sealed record ModelSummary(long Bytes, IReadOnlyList<ModelColumn> Inputs, IReadOnlyList<ModelPart> Parts)
{
    /// <summary>Describes a loaded model.</summary>
    public static ModelSummary Of(string path, ITransformer model, DataViewSchema inputs)
    {
        var headers = new Queue<JsonElement>(ReadHeaders(path));
        return new ModelSummary(
            new FileInfo(path).Length,
            [.. inputs.Where(c => !c.IsHidden).Select(c => new ModelColumn(c.Name, c.Type.ToString()!))],
            [.. ModelParts.Of(model).Select(part => Describe(part, headers))]);
    }

    /// <summary>Describes the model of a Hugging Face directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="model">Its model.</param>
    /// <param name="tokensColumn">The token column that the model reads.</param>
    public static ModelSummary OfDirectory(string path, ITransformer model, string tokensColumn) => new(
        new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length),
        [new ModelColumn(tokensColumn, new VectorDataViewType(NumberDataViewType.Int32).ToString())],
        [Describe(model, [])]);

    private static ModelPart Describe(ITransformer part, Queue<JsonElement> headers)
    {
        if (part.GetType().GetCustomAttribute<LoadableComponentAttribute>() is not { } component)
            return new ModelPart(part.GetType().Name, null, null, null, null, null, null, null, null);
        JsonElement? header = headers.TryDequeue(out JsonElement next) ? next : null;
        ClassifierSummary? classifier = part is SquentropyTransformer { Model: var m }
            ? new ClassifierSummary(m.Labels?.Texts ?? [], m.ClassCount, m.FeatureCount, m.WeightCount, m.Temperature)
            : null;
        TowersSummary? towers = part is ContrastiveTransformer two ? TowersSummary.Of(two) : null;
        LanguageModelSummary? languageModel = ModelParts.LanguageModelOf(part) is { } model ? LanguageModelSummary.Of(model) : null;
        EncoderSummary? encoder = part is MaskedLanguageModelTransformer masked ? EncoderSummary.Of(masked) : null;
        TextClassifierSummary? textClassifier = part is TextEncoderClassifierTransformer texts ? TextClassifierSummary.Of(texts) : null;
        RewardSummary? reward = part is RewardModelTransformer rewards ? RewardSummary.Of(rewards) : null;
        return new ModelPart(part.GetType().Name, component.Id, classifier, towers, languageModel, encoder, textClassifier, reward, header);
    }

    /// <summary>The headers of MLNetExt's components; a zip lists them in the order of the pipeline.</summary>
    private static IEnumerable<JsonElement> ReadHeaders(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Name == "component.json"))
        {
            using Stream stream = entry.Open();
            using var document = JsonDocument.Parse(stream);
            yield return document.RootElement.Clone();
        }
    }
}
