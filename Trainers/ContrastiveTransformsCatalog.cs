using MLNetExt.Contrastive;

namespace Microsoft.ML;

/// <summary>What fitted two-tower models are used for, in <c>mlContext.Contrastive</c>.</summary>
public static class ContrastiveTransformsCatalog
{
    /// <summary>Classifies the left side by prompts for the right side, which reads text or tokens.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The fitted model; it may be disposed once the classifier is fitted.</param>
    /// <param name="labels">The classes: at least 2, in the order of the scores. To evaluate, in the order of the label's key values.</param>
    /// <param name="promptTemplates">Sentences with {0} where the label goes; the label itself when null.</param>
    /// <param name="labelColumnName">A key column that must have the labels as key values wherever the data have it.</param>
    /// <exception cref="ArgumentException">Labels or templates cannot be used; the message says why.</exception>
    public static ZeroShotClassifier ZeroShotClassifier(
        this ContrastiveCatalog catalog, ContrastiveTransformer model, IReadOnlyList<string> labels, IReadOnlyList<string>? promptTemplates = null, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(labels);
        return MLNetExt.Contrastive.ZeroShotClassifier.FromPrompts(model, labels, promptTemplates ?? ["{0}"], labelColumnName);
    }

    /// <summary>Classifies the left side by rows that describe the classes for the right side, whatever it reads.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The fitted model; it may be disposed once the classifier is fitted.</param>
    /// <param name="classes">One or more rows a class: its label as text, and the right side's column.</param>
    /// <param name="labelColumnName">The label's column there; where the data to classify have a key column of this name, its key values must be the labels.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there are fewer than 2 classes.</exception>
    public static ZeroShotClassifier ZeroShotClassifier(
        this ContrastiveCatalog catalog, ContrastiveTransformer model, IDataView classes, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classes);
        return MLNetExt.Contrastive.ZeroShotClassifier.FromExamples(model, classes, labelColumnName);
    }
}
