using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExt.Columns;
using MLNetExt.Components;
using MLNetExt.Objectives;
using MLNetExt.Torch;
using static Microsoft.ML.SchemaShape.Column;
using static TorchSharp.torch;

namespace MLNetExt.Contrastive;

/// <summary>Classifies what one tower reads by classes described for the other: trains nothing.</summary>
/// <remarks>
/// A class's embedding is the mean of its prompts' unit-length embeddings, brought to length 1 (Radford et al., arXiv 2103.00020,
/// section 3.1.4). <c>Score</c> is the softmax over the classes of t · cosine with the model's learned temperature t: ML.NET's evaluator
/// takes it as probabilities. The sigmoid of t · cosine + b would be tied to how rare matches were in the training batches.
/// </remarks>
public sealed class ZeroShotClassifier : IEstimator<ZeroShotTransformer>
{
    private readonly ContrastiveTransformer _model;
    private readonly KeyValues _labels;
    private readonly string _labelColumn;
    private readonly Func<Tensor> _embedClasses;

    /// <param name="model">The fitted towers.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="labelColumn">The column whose key values must be the classes where it exists.</param>
    /// <param name="embedClasses">Gives the classes' embeddings: float32 <c>[classes, embedding size]</c>.</param>
    private ZeroShotClassifier(ContrastiveTransformer model, IReadOnlyList<string> labels, string labelColumn, Func<Tensor> embedClasses)
    {
        if (labels.Count < 2)
            throw new ArgumentException($"There are {labels.Count} labels: a classifier needs at least 2.", nameof(labels));
        if (labels.FirstOrDefault(string.IsNullOrWhiteSpace) is not null)
            throw new ArgumentException("A label is empty.", nameof(labels));
        if (labels.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
            throw new ArgumentException($"The label '{twice}' is given twice.", nameof(labels));
        _model = model;
        _labels = new KeyValues(nameof(String), [.. labels]);
        _labelColumn = labelColumn;
        _embedClasses = embedClasses;
    }

    internal static ZeroShotClassifier FromPrompts(ContrastiveTransformer model, IReadOnlyList<string> labels, IReadOnlyList<string> templates, string labelColumn)
    {
        if (model.Right.Shape.Input is not (ColumnKind.Text or ColumnKind.Tokens))
            throw new ArgumentException(
                $"The right tower reads column '{model.Right.InputColumnName}' as {TowerChoice.Describe(model.Right.Shape.Input)}, not text: describe the classes by rows, with ZeroShotClassifier(model, classes).", nameof(model));
        if (templates.Count == 0)
            throw new ArgumentException("There is no prompt template: give at least one, such as \"{0}\" or \"a picture of {0}\".", nameof(templates));
        if (templates.FirstOrDefault(t => !t.Contains("{0}", StringComparison.Ordinal)) is { } constant)
            throw new ArgumentException($"The prompt template '{constant}' does not contain {{0}}, where the label goes: all classes would get the same prompt.", nameof(templates));
        return new(model, labels, labelColumn, () =>
        {
            string[] prompts = [.. labels.SelectMany(label => templates.Select(t => t.Replace("{0}", label, StringComparison.Ordinal)))];
            long size = model.EmbeddingSize;
            return UnitLength.Of(model.Right.Model.EmbedTexts(prompts).view(labels.Count, templates.Count, size).mean([1]));
        });
    }

    internal static ZeroShotClassifier FromExamples(ContrastiveTransformer model, IDataView classes, string labelColumn)
    {
        (string[] labels, int[] classOf, float[] embeddings) = ClassExamples.Read(model.Right, classes, labelColumn);
        return new(model, labels, labelColumn, () =>
        {
            using Tensor rows = tensor(embeddings).view(classOf.Length, model.EmbeddingSize);
            return UnitLength.Of(zeros(labels.Length, model.EmbeddingSize).AddAt(tensor(classOf, dtype: ScalarType.Int64), rows));
        });
    }

    /// <summary>Embeds the classes; the rows of <paramref name="input"/> are not read.</summary>
    /// <exception cref="ArgumentException">The column to classify is missing or not what the tower was trained on.</exception>
    public ZeroShotTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var state = new ZeroShotState(_model.Left.Shape, _labels, _model.Temperature, _labelColumn);
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        Tensor classes = EmbedClasses();
        var transformer = new ZeroShotTransformer(state, TowerModel.Copy(state.Tower, _model.Left.Model.Weights), classes);
        try
        {
            transformer.GetOutputSchema(input.Schema);
            return transformer;
        }
        catch
        {
            transformer.Dispose();
            throw;
        }
    }

    private Tensor EmbedClasses()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        Tensor classes = _embedClasses();
        bool[] isFinite = classes.isfinite().all(1).data<bool>().ToArray();
        if (Array.IndexOf(isFinite, false) is >= 0 and int bad)
            throw new InvalidOperationException($"The embedding of the class '{_labels.Texts[bad]}' holds NaN or infinity: the right tower gives none for its prompts.");
        return classes.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The column to classify is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TowerShape tower = _model.Left.Shape;
        inputSchema.Require(
            tower.Column, "Left", TowerChoice.Describe(tower.Input), TowerChoice.Remedy(tower.Input), c => !c.IsKey && TowerChoice.Input(c.ItemType) == tower.Input);
        SchemaShape.Column label = SchemaShapes.Column(
            _labelColumn, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
            SchemaShapes.Column(AnnotationNames.KeyValues, VectorKind.Vector, TextDataViewType.Instance));
        return inputSchema.With(ScoreShapes.MulticlassPredictedLabel(label), ScoreShapes.MulticlassScore(label));
    }
}
